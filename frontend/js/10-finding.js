// How one works with a searchable list: it dresses the controls of a page, and listens to keys, clicks and leaving.
const { activate, choose, close, inPlace, itemsOf, labelOf, look, place, of, current, number } = kebu.finder
const MOVED = ['id', 'aria-label', 'aria-describedby', 'aria-invalid', 'required', 'disabled', 'autofocus']

/** The input that stands for a select; the select keeps name and value. */
const inputFor = (select) => {
  const input = kebu.make('input', { type: 'text', class: select.className, placeholder: select.options[0]?.value ? null : select.options[0]?.label || '输字或拼音' })
  const hadFocus = document.activeElement === select
  for (const name of MOVED) {
    if (!select.hasAttribute(name)) continue
    input.setAttribute(name, select.getAttribute(name))
    if (name !== 'disabled') select.removeAttribute(name)
  }
  select.hidden = true
  select.before(input)
  if (hadFocus) input.focus()
  return input
}

const dress = (control) => {
  if (control.dataset.finder === 'on') return
  const select = control instanceof HTMLSelectElement ? control : null
  const finder = { select, input: select ? inputFor(select) : control, address: select ? '' : control.dataset.finder, source: control.getAttribute('list'), hits: [], active: -1 }
  const name = `finder-${number()}`
  finder.list = kebu.make('div', { class: 'k-finder', id: name, role: 'listbox', popover: 'manual', 'aria-label': '可选项' })
  for (const [key, value] of Object.entries({ role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': name, 'data-finder': 'on' })) finder.input.setAttribute(key, value)
  finder.input.removeAttribute('list')
  control.dataset.finder = 'on'
  control.after(finder.list)
  of.set(finder.input, finder)
  if (select) { of.set(select, finder); finder.input.value = labelOf(finder) }
}

const dressAll = (root) => { for (const control of root.querySelectorAll('[data-finder]')) dress(control) }
dressAll(document)
kebu.swapped((element) => { if (element.parentElement) dressAll(element.parentElement) })

const shown = (target) => target instanceof HTMLInputElement && target.dataset.finder === 'on' && of.get(target)

/** What was typed decides when the input is left: the only thing it can mean, nothing, or what stood there before. */
const settle = (finder) => {
  clearTimeout(finder.timer)
  finder.asked?.abort()
  close(finder)
  if (!finder.select || !finder.isTyped) { finder.isTyped = false; return }
  const text = kebu.plain(finder.input.value)
  const hits = text ? kebu.findIn(itemsOf(finder), text) : []
  const isClear = hits.length === 1 || (hits.length && kebu.plain(hits[0].hint || hits[0].item.label) === text)
  if (isClear || (!text && !finder.select.options[0]?.value)) return choose(finder, hits[0]?.item)
  const typed = finder.input.value
  choose(finder, itemsOf(finder).find(({ value }) => value === finder.select.value))
  if (typed) kebu.toast({ text: `没有选“${typed}”，从列表里点一项才算`, icon: 'info-circle' })
}

document.addEventListener('focusin', ({ target }) => {
  const finder = shown(target)
  if (!finder) return
  if (finder.select) target.select()
  if (finder.select && inPlace(finder)) look(finder)
})
document.addEventListener('focusout', ({ target }) => { const finder = shown(target); if (finder) settle(finder) })
document.addEventListener('input', ({ target }) => {
  const finder = of.get(target)
  if (!finder || finder.isOwn) return
  if (target === finder.select) { finder.input.value = labelOf(finder); return }
  finder.isTyped = true
  look(finder)
})
document.addEventListener('reset', ({ target }) => setTimeout(() => { for (const select of target.querySelectorAll('select[data-finder]')) { const finder = of.get(select); finder.input.value = labelOf(finder) } }))
addEventListener('pageshow', () => { for (const select of document.querySelectorAll('select[data-finder]')) { const finder = of.get(select); if (finder && !finder.isTyped) finder.input.value = labelOf(finder) } })

document.addEventListener('mousedown', (event) => { if (event.target.closest?.('.k-finder')) event.preventDefault() })
document.addEventListener('click', ({ target }) => {
  const finder = shown(target)
  if (finder && !finder.isOpen && !finder.address) look(finder)
  const row = target.closest?.('.k-finder [data-place]')
  if (row && current()) choose(current(), current().hits[Number(row.dataset.place)].item)
})

document.addEventListener('keydown', (event) => {
  const finder = shown(event.target)
  if (!finder || kebu.composing(event)) return
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation() }
  const chosen = finder.isOpen && finder.hits[finder.active]?.item
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    stop()
    if (!finder.isOpen) look(finder)
    else activate(finder, finder.active < 0 && event.key === 'ArrowUp' ? -1 : finder.active + (event.key === 'ArrowDown' ? 1 : -1))
  } else if (event.key === 'Enter' && finder.isOpen) {
    if (chosen ? !inPlace(finder) : !finder.address) stop() // a text typed as it is meant goes to the server
    if (chosen) choose(finder, chosen)
    else if (finder.address) close(finder)
  } else if (event.key === 'Tab' && chosen && finder.text && !finder.address) choose(finder, chosen)
  else if (event.key === 'Escape' && finder.isOpen && !inPlace(finder)) {
    stop()
    close(finder)
    if (finder.select) { finder.isTyped = false; finder.input.value = labelOf(finder) }
  }
}, true)

for (const type of ['scroll', 'resize']) addEventListener(type, ({ target }) => { if (current() && target !== current().list) place(current()) }, { capture: true, passive: true })
visualViewport?.addEventListener('resize', () => { if (current()) place(current()) })
