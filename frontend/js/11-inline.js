// Edit in place: click or Enter on dd[data-edit] fetches its form, Enter saves, Tab saves and goes on, Esc cancels.
// Nothing typed is lost: choosing saves, leaving the field saves, leaving the page waits for it or warns.
const before = new Map()
const shown = new WeakMap()
let [next, isNextOpened] = [null, true]
let isByKey = false

const isOpen = (cell) => cell.querySelector('form') !== null
const fieldOf = (cell) => cell.querySelector('input:not([type=hidden]), select, textarea')
const formOf = (cell) => cell.querySelector('form')
const stateOf = (form) => JSON.stringify([...new FormData(form)])
const isTyped = (form) => shown.has(form) && shown.get(form) !== stateOf(form)
const isSaving = (form) => form.classList.contains('htmx-request')
const isLoading = (cell) => cell.classList.contains('htmx-request')
const isStuck = (cell) => cell.querySelector('.k-clash, .k-error, [aria-invalid=true]') !== null
const isUnchanged = (cell) => !kebu.isDirty(cell.querySelector('form')) && !cell.querySelector('[aria-invalid=true], .k-error')

const start = kebu.edit = (cell) => {
  if (isOpen(cell) || isLoading(cell)) return
  before.set(cell.id, [...cell.childNodes])
  htmx.ajax('GET', cell.dataset.edit, { source: cell, target: cell, swap: 'innerHTML' })
}

const restore = (cell) => {
  const nodes = before.get(cell.id)
  if (nodes) cell.replaceChildren(...nodes)
  kebu.leftCell(cell)
}

const goOn = () => {
  const cell = next && document.getElementById(next)
  next = null
  if (!cell) return
  kebu.enter(cell)
  if (isNextOpened) start(cell)
}

const neighbour = (cell, step) => {
  if (cell.matches('td')) return kebu.cellBeside(cell, step)
  const cells = [...document.querySelectorAll('[data-edit]')].filter(kebu.visible)
  return cells[cells.indexOf(cell) + step]?.id ?? null
}

/** Save what was changed, then go to the cell with the id `then`. */
const leave = (cell, then, isOpened = true) => {
  next = then
  isNextOpened = isOpened
  if (!isUnchanged(cell)) return cell.querySelector('form').requestSubmit()
  restore(cell)
  return then ? goOn() : kebu.enter(cell)
}

kebu.on('click', '[data-edit]', (cell, event) => {
  if (cell.matches('td') || event.target.closest('a, button:not(.k-link), input, select, textarea, label')) return
  if (!getSelection()?.toString()) start(cell)
})

document.addEventListener('keydown', (event) => {
  const cell = event.target instanceof Element && event.target.closest('[data-edit]')
  if (!cell || kebu.composing(event)) return
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation() }
  if (!isOpen(cell)) {
    if (event.target === cell && (event.key === 'Enter' || event.key === 'F2')) { stop(); start(cell) }
    else if (event.key === 'Escape' && isLoading(cell)) { stop(); htmx.trigger(cell, 'htmx:abort') }
  } else if (event.key === 'Escape') { stop(); restore(cell); kebu.enter(cell) }
  else if (event.key === 'Tab' && !cell.querySelector('.k-clash')) { stop(); leave(cell, neighbour(cell, event.shiftKey ? -1 : 1)) }
  else if (event.key === 'Enter' && event.target.matches('input, select')) { stop(); leave(cell, kebu.cellBelow(cell), false) }
}, true)

kebu.swapped((element, { requestConfig }) => {
  const cell = element.closest('[data-edit]')
  if (!cell) return
  if (isOpen(cell)) {
    next = null
    const field = fieldOf(cell)
    shown.set(formOf(cell), stateOf(formOf(cell)))
    if (document.activeElement?.closest('[data-edit] > form') && !cell.contains(document.activeElement)) return
    field?.focus()
    if (field?.matches('input[type=text], input[type=tel], input:not([type])')) field.select()
  } else if (requestConfig?.verb === 'post' && requestConfig.path.startsWith(cell.dataset.edit)) { // a neighbour that came along takes no focus
    if (next) goOn()
    else if (document.activeElement === document.body) kebu.enter(cell)
  }
})

kebu.on('click', '[data-edit-cancel]', (button) => {
  const cell = button.closest('[data-edit]')
  restore(cell)
  kebu.enter(cell)
})

// A choice made with arrow keys on a closed list, or a date being typed, is not finished yet: leaving saves it.
document.addEventListener('keydown', () => { isByKey = true }, true)
document.addEventListener('pointerdown', () => { isByKey = false }, true)
kebu.on('change', '[data-edit] > form :is(select, [data-finder], [type=date], [type=datetime-local], [type=radio])', ({ form }) => {
  if (!isByKey && !isSaving(form) && isTyped(form)) form.requestSubmit()
})

const onLeaving = (cell) => {
  const form = formOf(cell)
  if (!cell.isConnected || !form || isSaving(form) || cell.contains(document.activeElement)) return
  if (isTyped(form)) form.requestSubmit()
  else if (!isStuck(cell)) restore(cell)
}
// A moment later the focus has arrived; in a window left for another one it has not moved.
kebu.on('focusout', '[data-edit]', (cell) => { if (isOpen(cell)) setTimeout(onLeaving, 0, cell) })

const open = () => [...document.querySelectorAll('[data-edit] > form')]
addEventListener('beforeunload', (event) => { if (open().some((form) => !isSaving(form) && (isTyped(form) || isStuck(form)))) event.preventDefault() })

// A link waits for the save that the click on it set off; what was refused stays in sight.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/"]:not([hx-get], [target], [data-panel])')
  const form = open().find(isTyped)
  if (!link || !form || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  form.addEventListener('htmx:afterRequest', ({ detail }) => { if (detail.successful) location.assign(link.href) }, { once: true })
  if (!isSaving(form)) form.requestSubmit()
}, true)
