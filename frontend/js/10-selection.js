// Rows with a checkbox named ids: the bar of bulk actions appears, counts and carries the choice.
const bar = () => document.getElementById('bulk')
const boxes = () => [...document.querySelectorAll('table[data-select] [name=ids]')]
const picked = () => boxes().filter((box) => box.checked)
let isAll = false
let isMode = false
let last = null

const keep = (name, value) => {
  const form = bar()
  const field = form.querySelector(`input[type=hidden][name="${name}"]`) ?? form.appendChild(kebu.make('input', { type: 'hidden', name }))
  field.value = value
}

const draw = () => {
  const rows = boxes()
  const chosen = picked()
  for (const box of rows) box.closest('tr').toggleAttribute('aria-selected', box.checked)
  for (const box of chosen) box.closest('tr').setAttribute('aria-selected', 'true')
  const head = document.querySelector('[data-select-all]')
  if (head) { head.checked = rows.length > 0 && chosen.length === rows.length; head.indeterminate = chosen.length > 0 && !head.checked }
  if (!bar()) return
  if (chosen.length !== rows.length) isAll = false
  bar().hidden = !isMode && chosen.length === 0
  for (const button of document.querySelectorAll('[data-select-mode]')) button.setAttribute('aria-pressed', String(isMode))
  for (const act of bar().querySelectorAll('[hx-post], [hx-get]')) act.disabled = chosen.length === 0
  const total = Number(bar().dataset.total ?? 0)
  const count = isAll ? `全部${bar().dataset.totalText ?? total.toLocaleString('en')}` : chosen.length.toLocaleString('en')
  for (const place of bar().querySelectorAll('[data-picked]')) place.textContent = `已选${count}个`
  const more = bar().querySelector('[data-pick-all]')
  if (more) more.hidden = isAll || total <= rows.length || (chosen.length !== rows.length && !isMode)
  const page = bar().querySelector('[data-pick-page]')
  if (page) page.hidden = !isMode || isAll || chosen.length === rows.length
  keep('ids', chosen.map((box) => box.value).join(','))
  keep('scope', isAll ? 'all' : 'picked')
}

/** Forget the choice; tells whether there was one. */
kebu.pickNone = () => {
  const had = picked().length > 0
  isAll = false
  for (const box of boxes()) box.checked = false
  draw()
  return had
}

kebu.on('change', '[data-select-all]', (head) => { for (const box of boxes()) box.checked = head.checked; draw() })
kebu.on('click', 'table[data-select] [name=ids]', (box, event) => {
  const rows = boxes()
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((one, two) => one - two)
    for (const between of rows.slice(from, to + 1)) between.checked = box.checked
  }
  last = box
  draw()
})
const pickPage = () => { for (const box of boxes()) box.checked = true }
kebu.on('click', '[data-pick-page]', () => { pickPage(); draw() })
kebu.on('click', '[data-pick-all]', () => { pickPage(); isAll = true; draw() })
kebu.on('click', '[data-pick-none]', () => setMode(false))

// On the phone rows are chosen in a mode of their own: the whole card is the box, nothing opens.
const HOLD = 500
const SLOP = 10
let held = null

const setMode = (isOn) => {
  isMode = isOn
  if (isOn) draw(); else kebu.pickNone()
}

const toggle = (box) => { box.checked = !box.checked; last = box; draw() }
const boxAt = (event) => event.target instanceof Element && event.target.closest('table[data-select] tbody tr')?.querySelector('[name=ids]')

kebu.on('click', '[data-select-mode]', () => setMode(!isMode))
document.addEventListener('click', (event) => {
  const box = isMode && boxAt(event)
  if (!box || event.target === box) return
  event.preventDefault()
  event.stopPropagation()
  if (held === 'done') held = null; else toggle(box)
}, true)

// A long press on a card begins the mode with that card.
const letGo = () => { if (held !== 'done') { clearTimeout(held?.timer); held = null } }
document.addEventListener('pointerdown', (event) => {
  letGo()
  held = null
  const box = event.pointerType === 'touch' && kebu.isPhone() && !isMode && document.querySelector('[data-select-mode]') && boxAt(event)
  if (!box) return
  const start = () => { held = 'done'; setMode(true); toggle(box); navigator.vibrate?.(10) }
  held = { x: event.clientX, y: event.clientY, timer: setTimeout(start, HOLD) }
})
document.addEventListener('pointermove', (event) => {
  if (held?.timer && Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLOP) letGo()
})
for (const type of ['pointerup', 'pointercancel', 'scroll']) addEventListener(type, letGo, { passive: true })
document.addEventListener('contextmenu', (event) => { if (held && boxAt(event)) event.preventDefault() })
document.addEventListener('customer-changed', () => { if (isMode) setMode(false) })
kebu.swapped((element) => { if (element.querySelector('table[data-select]') || element.matches('table[data-select], tr')) draw() })
addEventListener('pageshow', () => { if (boxes().length) draw() })
