// Edit in place: click or Enter on dd[data-edit] fetches its form, Enter saves, Tab saves and goes on, Esc cancels.
const before = new Map()
let next = null

const isOpen = (cell) => cell.querySelector('form') !== null
const fieldOf = (cell) => cell.querySelector('input:not([type=hidden]), select, textarea')
const isUnchanged = (cell) => !kebu.isDirty(cell.querySelector('form')) && !cell.querySelector('[aria-invalid=true], .k-error')

const start = (cell) => {
  if (isOpen(cell)) return
  before.set(cell.id, [...cell.childNodes])
  htmx.ajax('GET', cell.dataset.edit, { source: cell, target: cell, swap: 'innerHTML' })
}

const restore = (cell) => {
  const nodes = before.get(cell.id)
  if (nodes) cell.replaceChildren(...nodes)
}

const goOn = () => {
  const cell = next && document.getElementById(next)
  next = null
  if (!cell) return
  cell.focus()
  start(cell)
}

const neighbour = (cell, step) => {
  const cells = [...document.querySelectorAll('[data-edit]')].filter(kebu.visible)
  return cells[cells.indexOf(cell) + step]?.id ?? null
}

/** Save what was changed, then open the cell with the id `then`. */
const leave = (cell, then) => {
  next = then
  if (!isUnchanged(cell)) return cell.querySelector('form').requestSubmit()
  restore(cell)
  if (then) goOn()
  else cell.focus()
}

kebu.on('click', '[data-edit]', (cell, event) => {
  if (event.target.closest('a, button:not(.k-link), input, select, textarea, label')) return
  if (!getSelection()?.toString()) start(cell)
})

document.addEventListener('keydown', (event) => {
  const cell = event.target instanceof Element && event.target.closest('[data-edit]')
  if (!cell || kebu.composing(event)) return
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation() }
  if (!isOpen(cell)) {
    if (event.target === cell && (event.key === 'Enter' || event.key === 'F2')) { stop(); start(cell) }
  } else if (event.key === 'Escape') { stop(); restore(cell); cell.focus() }
  else if (event.key === 'Tab') { stop(); leave(cell, neighbour(cell, event.shiftKey ? -1 : 1)) }
  else if (event.key === 'Enter' && event.target.matches('input, select')) { stop(); leave(cell, null) }
}, true)

kebu.swapped((element, { requestConfig }) => {
  const cell = element.closest('[data-edit]')
  if (!cell) return
  if (isOpen(cell)) {
    next = null
    const field = fieldOf(cell)
    field?.focus()
    if (field?.matches('input[type=text], input[type=tel], input:not([type])')) field.select()
  } else if (requestConfig?.verb === 'post') {
    if (next) goOn()
    else if (document.activeElement === document.body) cell.focus()
  }
})

kebu.on('focusout', '[data-edit]', (cell, event) => {
  if (isOpen(cell) && event.relatedTarget && !cell.contains(event.relatedTarget) && isUnchanged(cell)) restore(cell)
})
