// Dragging a card of the board: with the mouse at once, with a finger after holding it still.
// A drop changes the column only: the order within a column is that of the list.
const FAR = 6
const HOLD = 350
const EDGE = 56
const PACE = 12
const CLICK = 60 // the click that a drop brings along comes at once
let drag = null
let droppedAt = -CLICK

const laneAt = (x, y) => kebu.laneOf(document.elementFromPoint(x, y))

const lift = () => {
  const { card } = drag
  const box = card.getBoundingClientRect()
  drag.isLifted = true
  drag.slot = kebu.make('li', { class: 'k-slot', 'aria-hidden': 'true' })
  drag.hole = kebu.make('li', { class: 'k-hole', 'aria-hidden': 'true' })
  drag.hole.style.height = `${box.height}px`
  drag.offset = { x: box.left - drag.x, y: box.top - drag.y }
  card.before(drag.hole)
  card.style.width = `${box.width}px`
  card.setAttribute('data-lift', '')
  getSelection()?.removeAllRanges()
  navigator.vibrate?.(10)
  follow()
  scroll()
}

const follow = () => {
  const { card, offset, at } = drag
  card.style.left = `${at.x + offset.x}px`
  card.style.top = `${at.y + offset.y}px`
  const lane = laneAt(at.x, at.y)
  if (lane === drag.lane) return
  drag.lane?.removeAttribute('data-over')
  drag.lane = lane
  drag.slot.remove()
  if (!kebu.mayEnter(card, lane)) return
  lane.setAttribute('data-over', '')
  lane.querySelector('ul').prepend(drag.slot)
}

/** Near an edge the board scrolls on, as long as the card is held there. */
const scroll = () => {
  if (!drag?.isLifted) return
  const room = document.getElementById('board')
  const box = room.getBoundingClientRect()
  const step = drag.at.x < box.left + EDGE ? -PACE : drag.at.x > box.right - EDGE ? PACE : 0
  if (step) { room.scrollLeft += step; follow() }
  requestAnimationFrame(scroll)
}

const end = (isDrop) => {
  if (!drag) return
  const { card, lane, slot, hole, timer, isLifted } = drag
  clearTimeout(timer)
  drag = null
  if (!isLifted) return
  lane?.removeAttribute('data-over')
  slot.remove()
  hole.remove()
  card.removeAttribute('data-lift')
  for (const name of ['width', 'left', 'top']) card.style[name] = ''
  if (isDrop) kebu.moveCard(card, lane)
  droppedAt = performance.now()
}

document.addEventListener('pointerdown', (event) => {
  const card = event.target instanceof Element && event.target.closest('[data-board] .k-card[data-movable]')
  if (!card || drag || !event.isPrimary || event.button || event.ctrlKey || event.metaKey || event.target.closest('button')) return
  const at = { x: event.clientX, y: event.clientY }
  drag = { card, x: at.x, y: at.y, at, isMouse: event.pointerType === 'mouse', lane: null, isLifted: false }
  if (!drag.isMouse) drag.timer = setTimeout(lift, HOLD)
})
document.addEventListener('pointermove', (event) => {
  if (!drag || !event.isPrimary) return
  drag.at = { x: event.clientX, y: event.clientY }
  if (drag.isLifted) return follow()
  if (Math.hypot(drag.at.x - drag.x, drag.at.y - drag.y) < FAR) return
  if (drag.isMouse) lift()
  else end(false) // the finger scrolls
})
document.addEventListener('pointerup', () => end(true))
document.addEventListener('pointercancel', () => end(false))
addEventListener('blur', () => end(false))
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !drag?.isLifted) return
  event.preventDefault()
  event.stopImmediatePropagation()
  end(false)
}, true)
// A held card does not scroll the page, open a menu, drag its link or, when dropped, open the customer.
if (document.querySelector('[data-board]')) document.addEventListener('touchmove', (event) => { if (drag?.isLifted) event.preventDefault() }, { passive: false })
document.addEventListener('contextmenu', (event) => { if (drag && !drag.isMouse) event.preventDefault() })
document.addEventListener('dragstart', (event) => { if (event.target instanceof Element && event.target.closest('.k-card')) event.preventDefault() })
document.addEventListener('click', (event) => {
  if (performance.now() - droppedAt > CLICK) return
  droppedAt = -CLICK
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)
