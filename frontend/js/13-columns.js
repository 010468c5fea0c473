// Columns of a table: a head's edge is dragged to a width, a head to another place; the sheet does both by keys.
// What was arranged is kept by the server, which draws the table as it is wanted.
const NARROWEST = 48
const WIDEST = 800
const PADDING = 16
const tableOf = (element) => element.closest('table[data-columns-at]')
const headsOf = (table) => [...table.querySelectorAll('thead th[data-col]')]

const keep = (table) => {
  const places = headsOf(table).map((head) => `${head.dataset.col}:${head.getAttribute('width') ?? 0}`).join(',')
  htmx.ajax('POST', table.dataset.columnsAt, { values: { places }, source: table, swap: 'none' })
}

const widen = (head, width) => {
  if (width) head.setAttribute('width', String(width)); else head.removeAttribute('width')
  head.querySelector('.k-span')?.remove()
  if (width) { // no narrower, however many columns there are
    const span = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    for (const [name, value] of Object.entries({ class: 'k-span', width: width - PADDING, height: 0, 'aria-hidden': 'true' })) span.setAttribute(name, value)
    head.append(span)
  }
  for (const cell of tableOf(head).querySelectorAll(`td[data-col="${head.dataset.col}"]`)) cell.classList.toggle('k-wide', width > 0)
}

const dress = (table) => {
  for (const head of headsOf(table)) {
    if (head.querySelector('.k-edge')) continue
    head.append(kebu.make('span', { class: 'k-edge', 'aria-hidden': 'true' }))
    head.draggable = head.dataset.col !== 'name'
  }
}
const refresh = () => { if (!kebu.isPhone()) document.querySelectorAll('table[data-columns-at]').forEach(dress) }
refresh()
kebu.swapped(refresh)

kebu.on('pointerdown', '.k-edge', (edge, event) => {
  const head = edge.parentElement
  const start = { x: event.clientX, width: head.getBoundingClientRect().width }
  let width = 0
  const move = ({ clientX }) => {
    width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, start.width + clientX - start.x)))
    widen(head, width)
  }
  const stop = () => {
    edge.removeEventListener('pointermove', move)
    if (width) keep(tableOf(head))
  }
  event.preventDefault()
  edge.setPointerCapture(event.pointerId)
  edge.addEventListener('pointermove', move)
  edge.addEventListener('lostpointercapture', stop, { once: true })
})
kebu.on('dblclick', '.k-edge', (edge) => { widen(edge.parentElement, 0); keep(tableOf(edge)) })

// A head, or a line of the sheet, is dragged to the place of another of its kind.
const DRAGGED = 'th[data-col][draggable=true], [data-cols-item]'
let dragged = null

const isBefore = (target, { clientX, clientY }) => {
  const box = target.getBoundingClientRect()
  return target.matches('th') ? clientX < box.left + box.width / 2 : clientY < box.top + box.height / 2
}
const fits = (target) => dragged && target !== dragged && target.parentElement === dragged.parentElement
const unmark = () => { for (const one of document.querySelectorAll('[data-drop-side]')) delete one.dataset.dropSide }

kebu.on('dragstart', DRAGGED, (element, event) => {
  if (event.target.closest('input')) { event.preventDefault(); return }
  dragged = element
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', '')
})
kebu.on('dragover', DRAGGED, (target, event) => {
  if (!fits(target)) return
  event.preventDefault()
  unmark()
  target.dataset.dropSide = isBefore(target, event) ? 'before' : 'after'
})
kebu.on('drop', DRAGGED, (target, event) => {
  if (!fits(target)) return
  event.preventDefault()
  target[isBefore(target, event) ? 'before' : 'after'](dragged)
  if (target.matches('th')) keep(tableOf(target)) // the answer has the rows drawn anew
})
document.addEventListener('dragend', () => { dragged = null; unmark() })

kebu.on('click', '[data-cols-move]', (button) => {
  const item = button.closest('[data-cols-item]')
  const other = button.dataset.colsMove < 0 ? item.previousElementSibling : item.nextElementSibling
  if (!other) return
  other[button.dataset.colsMove < 0 ? 'before' : 'after'](item)
  button.focus()
  const place = [...item.parentElement.children].indexOf(item) + 1
  item.closest('[data-cols]').querySelector('[data-cols-told]').textContent = `${item.textContent.trim()}，第${place}列`
})

kebu.on('input', '[data-cols-find]', (box) => {
  const wanted = kebu.plain(box.value)
  const offers = [...document.querySelectorAll('[data-cols-offer]')]
  const fits = (offer) => kebu.findIn([{ words: kebu.wordsOf(offer.textContent, offer.dataset.words) }], wanted).length > 0
  for (const offer of offers) offer.hidden = wanted !== '' && !fits(offer)
  const told = document.querySelector('[data-cols-none]')
  told.textContent = offers.some((offer) => !offer.hidden) ? '' : told.dataset.colsNone
  for (const section of document.querySelectorAll('[data-cols-section]')) section.hidden = !section.querySelector('[data-cols-offer]:not([hidden])')
})
kebu.on('keydown', '[data-cols-find]', (box, event) => { if (event.key === 'Enter') event.preventDefault() })
