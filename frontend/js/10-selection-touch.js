// On the phone rows are chosen in a mode of their own: the whole card is the box, nothing opens.
const HOLD = 500
const SLOP = 10
let held = null

const boxAt = (event) => event.target instanceof Element && event.target.closest('table[data-select] tbody tr')?.querySelector('[name=ids]')

document.addEventListener('click', (event) => {
  const box = kebu.picking.isOn() && boxAt(event)
  if (!box || event.target === box) return
  event.preventDefault()
  event.stopPropagation()
  if (held === 'done') held = null; else kebu.picking.toggle(box)
}, true)

// A long press on a card begins the mode with that card.
const letGo = () => { if (held !== 'done') { clearTimeout(held?.timer); held = null } }
document.addEventListener('pointerdown', (event) => {
  letGo()
  held = null
  const box = event.pointerType === 'touch' && kebu.isPhone() && !kebu.picking.isOn() && document.querySelector('[data-select-mode]') && boxAt(event)
  if (!box) return
  const start = () => { held = 'done'; kebu.picking.set(true); kebu.picking.toggle(box); navigator.vibrate?.(10) }
  held = { x: event.clientX, y: event.clientY, timer: setTimeout(start, HOLD) }
})
document.addEventListener('pointermove', (event) => {
  if (held?.timer && Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLOP) letGo()
})
for (const type of ['pointerup', 'pointercancel', 'scroll']) addEventListener(type, letGo, { passive: true })
document.addEventListener('contextmenu', (event) => { if (held && boxAt(event)) event.preventDefault() })
