// A list one searches instead of scrolling: select[data-finder], input[data-finder] over its datalist, or over the
// suggestions of the address in data-finder. A select stays the value; a text input keeps whatever is typed.
const LATER = 120
const TALLEST = 320
const finders = new WeakMap()
let current = null
let made = 0

const labelOf = ({ select, input }) => (select ? select.selectedOptions[0]?.value && select.selectedOptions[0].label : input.value) || ''
const inPlace = ({ input }) => input.closest('[data-edit]') !== null

const itemsOf = ({ select, source }) => {
  const options = select?.options ?? document.getElementById(source)?.options ?? []
  return [...options].filter((option) => option.value).map((option) => {
    const label = option.label || option.value
    return { value: option.value, label, group: option.closest('optgroup')?.label ?? '', words: kebu.wordsOf(label, option.dataset.words) }
  })
}

const activate = (finder, place) => {
  const rows = [...finder.list.querySelectorAll('[data-place]')]
  finder.active = rows.length ? (place + rows.length) % rows.length : -1
  rows.forEach((row, number) => row.setAttribute('aria-selected', String(number === finder.active)))
  const row = rows[finder.active]
  if (row) { finder.input.setAttribute('aria-activedescendant', row.id); row.scrollIntoView({ block: 'nearest' }) } else finder.input.removeAttribute('aria-activedescendant')
}

const row = (finder, { item, hint }, place) => kebu.make('div', { role: 'option', id: `${finder.list.id}-${place}`, 'data-place': place, 'aria-selected': 'false' }, kebu.make('span', {}, item.label), hint || (finder.text && item.group && item.group !== item.label) ? kebu.make('small', {}, hint || item.group) : '')

const draw = (finder) => {
  const groups = new Map()
  finder.hits.forEach((hit, place) => {
    const title = finder.text ? '' : hit.item.group
    if (!groups.has(title)) groups.set(title, title ? kebu.make('div', { role: 'group', 'aria-label': title }) : document.createDocumentFragment())
    groups.get(title).append(row(finder, hit, place))
  })
  finder.list.replaceChildren(...(finder.hits.length ? groups.values() : [kebu.make('div', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, '没有符合的，换个字或拼音首字母')]))
}

const place = ({ input, list }) => {
  const box = input.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.documentElement
  const top = visualViewport?.offsetTop ?? 0
  const below = top + (visualViewport?.height ?? clientHeight) - box.bottom - 8
  const isUp = below < 180 && box.top - top > below
  const width = Math.min(Math.max(box.width, 256), clientWidth - 16)
  Object.assign(list.style, { width: `${width}px`, left: `${Math.max(8, Math.min(box.left, clientWidth - width - 8))}px`, maxHeight: `${Math.min(TALLEST, isUp ? box.top - top - 8 : below)}px`, top: isUp ? 'auto' : `${box.bottom + 4}px`, bottom: isUp ? `${clientHeight - box.top + 4}px` : 'auto' })
}

const close = (finder = current) => {
  if (!finder?.isOpen) return
  finder.isOpen = false
  if (current === finder) current = null
  finder.list.hidePopover?.()
  finder.input.setAttribute('aria-expanded', 'false')
  finder.input.removeAttribute('aria-activedescendant')
}

const show = (finder, hits) => {
  finder.hits = hits
  if (!hits.length && finder.address) return close(finder)
  draw(finder)
  if (current && current !== finder) close()
  current = finder
  finder.isOpen = true
  if (!finder.list.matches(':popover-open')) finder.list.showPopover?.()
  finder.input.setAttribute('aria-expanded', 'true')
  place(finder)
  const chosen = finder.text ? (finder.address ? -1 : 0) : hits.findIndex(({ item }) => item.value === finder.select?.value)
  if (chosen >= 0) activate(finder, chosen)
  else { finder.active = -1; finder.list.scrollTop = 0 }
}

const ask = async (finder, text) => {
  finder.asked?.abort()
  finder.asked = new AbortController()
  try {
    const answer = await fetch(`${finder.address}?q=${encodeURIComponent(text)}`, { signal: finder.asked.signal })
    const { items } = await answer.json()
    if (document.activeElement === finder.input) show(finder, items.map((label) => ({ item: { value: label, label, group: '' }, hint: '' })))
  } catch { /* overtaken by the next letter, or offline: the text itself is enough */ }
}

const look = (finder) => {
  clearTimeout(finder.timer)
  const text = finder.isTyped ? kebu.plain(finder.input.value) : ''
  finder.text = text
  if (!finder.address) return show(finder, text ? kebu.findIn(itemsOf(finder), text) : itemsOf(finder).map((item) => ({ item, hint: '' })))
  if (!text) return close(finder)
  finder.timer = setTimeout(ask, LATER, finder, finder.input.value)
}

const choose = (finder, item) => {
  const control = finder.select ?? finder.input
  finder.isTyped = false
  finder.input.value = item?.label ?? ''
  close(finder)
  if (finder.select && finder.select.value === (item?.value ?? '')) return
  control.value = item?.value ?? ''
  finder.isOwn = true
  for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }))
  finder.isOwn = false
}

kebu.finder = { activate, choose, close, inPlace, itemsOf, labelOf, look, place, of: finders, current: () => current, number: () => (made += 1) }
