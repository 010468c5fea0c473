// Menus are <details class="k-drop">: one open at a time, closed by Esc, an outside click or a choice; arrows walk.
const EDGE = 8

const openMenus = () => document.querySelectorAll('details.k-drop[open]')

document.addEventListener('toggle', ({ target }) => {
  if (!(target instanceof HTMLDetailsElement) || !target.matches('.k-drop') || !target.open) return
  for (const other of openMenus()) if (other !== target && !other.contains(target)) other.open = false
  const menu = target.querySelector('.k-menu')
  if (!menu) return
  menu.removeAttribute('data-flip')
  menu.style.translate = ''
  // Not innerWidth: on a phone it grows with whatever hangs over the edge, such as this menu.
  const { clientWidth: width, clientHeight: height } = document.documentElement
  const box = menu.getBoundingClientRect()
  const isLow = box.bottom > height && box.top - box.height > 0
  const isFar = box.right > width
  if (isLow || isFar) menu.dataset.flip = `${isLow ? 'up' : ''} ${isFar ? 'left' : ''}`.trim()
  const { left, right } = menu.getBoundingClientRect()
  const over = Math.max(0, right - (width - EDGE))
  const shift = left - over < EDGE ? EDGE - left : -over
  if (shift) menu.style.translate = `${shift}px`
}, true)

document.addEventListener('click', ({ target }) => {
  for (const menu of openMenus()) {
    const inside = menu.contains(target)
    if (!inside || (target.closest('.k-menu a, .k-menu button') && !target.closest('[data-stay], .k-seg'))) menu.open = false
  }
})

document.addEventListener('keydown', (event) => {
  const menu = event.target instanceof Element && event.target.closest('details.k-drop[open]')
  if (!menu) return
  if (event.key === 'Escape') {
    menu.open = false
    menu.querySelector('summary').focus()
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const items = [...menu.querySelectorAll('.k-menu :is(a, button, input)')].filter(kebu.visible)
  const place = items.indexOf(document.activeElement)
  const next = event.key === 'ArrowDown' ? place + 1 : place < 0 ? items.length - 1 : place - 1
  items[(next + items.length) % items.length]?.focus()
  event.preventDefault()
})
