// Command box: the server finds, the arrows choose, Enter opens; what was opened last stands there at first.
const RECENT = 6
const box = () => document.getElementById('palette')
const input = () => box()?.querySelector('input')
const hits = () => [...(document.getElementById('hits')?.querySelectorAll('[role=option]') ?? [])]
const recentKey = () => `kebu:recent:${kebu.user()}`

const recent = () => { try { return JSON.parse(kebu.store.get(recentKey()) ?? '[]') } catch { return [] } }

const choose = (place) => {
  const all = hits()
  all.forEach((hit, number) => hit.setAttribute('aria-selected', String(number === place)))
  const chosen = all[place]
  if (chosen) { input().setAttribute('aria-activedescendant', chosen.id); chosen.scrollIntoView({ block: 'nearest' }) } else input().removeAttribute('aria-activedescendant')
}
const chosen = () => hits().findIndex((hit) => hit.getAttribute('aria-selected') === 'true')

const remember = (hit) => {
  const label = hit.querySelector('.k-cut')?.textContent.trim()
  if (!label || !hit.dataset.href?.match(/\/\d+\/$/)) return
  const rest = recent().filter((item) => item.href !== hit.dataset.href)
  kebu.store.set(recentKey(), JSON.stringify([{ href: hit.dataset.href, label }, ...rest].slice(0, RECENT)))
}

const follow = (hit, inNewTab) => {
  remember(hit)
  kebu.close(box())
  if (hit.dataset.sheet) return htmx.ajax('GET', hit.dataset.sheet, { source: document.body, target: '#sheet', swap: 'innerHTML' })
  if (hit.dataset.dialog || !hit.dataset.href) return
  if (inNewTab) open(hit.dataset.href, '_blank', 'noopener')
  else location.assign(hit.dataset.href)
}

const showRecent = () => {
  const items = recent()
  const list = kebu.make('ul', { role: 'group', 'aria-label': '最近打开' })
  items.forEach((item, number) => list.append(kebu.make('li', { class: 'k-hit', role: 'option', id: `recent-${number}`, 'aria-selected': 'false', 'data-href': item.href }, kebu.icon('history'), kebu.make('span', { class: 'k-cut' }, item.label))))
  document.getElementById('hits').replaceChildren(...(items.length ? [list] : []))
  choose(0)
}

/** Open the command box. */
kebu.openPalette = () => {
  if (!box() || box().open) return
  kebu.open(box())
  input().value = ''
  input().focus()
  showRecent()
}

kebu.on('click', '[data-palette]', () => kebu.openPalette())
kebu.on('submit', '#palette form', (form, event) => event.preventDefault())
kebu.on('click', '#palette [role=option]', (hit, event) => follow(hit, event.ctrlKey || event.metaKey))
kebu.on('input', '#palette input', (field) => { if (!field.value.trim()) showRecent() })
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.target.id === 'hits' && !input().value.trim()) event.preventDefault()
})
kebu.swapped((element) => { if (element.id === 'hits') choose(0) })
document.addEventListener('keydown', (event) => {
  if (!box()?.open || kebu.composing(event)) return
  const count = hits().length
  if (event.key === 'ArrowDown') choose((chosen() + 1) % count)
  else if (event.key === 'ArrowUp') choose((chosen() - 1 + count) % count)
  else if (event.key === 'Enter' && hits()[chosen()]) follow(hits()[chosen()], event.ctrlKey || event.metaKey)
  else return
  event.preventDefault()
})
