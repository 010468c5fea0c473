// Command box: the server finds, the arrows choose, Enter does it. Before anything is typed it shows what can be
// done to the open customer and what was open last; this browser keeps addresses only, names come from the server.
const MOST = 12
const CUSTOMER = /^\/customers\/CUS[^/]+\/$/
const box = () => document.getElementById('palette')
const input = () => box()?.querySelector('input')
const hits = () => [...(document.getElementById('hits')?.querySelectorAll('[role=option]') ?? [])]
let asked = '' // what the last question to the server was about
let shown = '' // what the hits on show answer
let isAwaited = false // Enter was pressed before they came
const recentKey = () => `kebu:recent:${kebu.user()}`

const recent = () => {
  try { return JSON.parse(kebu.store.get(recentKey()) ?? '[]').filter((path) => typeof path === 'string') } catch { return [] }
}
const remember = (path) => {
  const isPage = CUSTOMER.test(path) || document.querySelector(`:is(.k-side, .k-tabs) a[href="${CSS.escape(path)}"]`)
  if (kebu.user() && isPage) kebu.store.set(recentKey(), JSON.stringify([path, ...recent().filter((other) => other !== path)].slice(0, MOST)))
}

const choose = (place) => {
  const all = hits()
  all.forEach((hit, number) => hit.setAttribute('aria-selected', String(number === place)))
  const chosen = all[place]
  if (chosen) { input().setAttribute('aria-activedescendant', chosen.id); chosen.scrollIntoView({ block: 'nearest' }) } else input().removeAttribute('aria-activedescendant')
}
const chosen = () => hits().findIndex((hit) => hit.getAttribute('aria-selected') === 'true')

const fill = (url, target) => htmx.ajax('GET', url, { source: document.body, target, swap: 'innerHTML' })

const follow = (hit, inNewTab) => {
  const { href, sheet, ask, post, into, values } = hit.dataset
  kebu.close(box())
  if (sheet) fill(sheet, '#sheet')
  else if (ask) fill(ask, '#dialog')
  else if (post) htmx.ajax('POST', post, { source: document.body, target: into ?? document.body, swap: into ? 'innerHTML' : 'none', values: JSON.parse(values ?? '{}') })
  else if (href && inNewTab && !href.startsWith('tel:')) open(href, '_blank', 'noopener')
  else if (href) location.assign(href)
}

/** The page the box was opened from: the customer's in the panel beside a list, else the one shown. */
const here = () => {
  const panel = document.getElementById('panel')
  const open = panel && !panel.hidden && document.querySelector('[data-open] a[data-panel]')
  return open ? open.pathname : location.pathname
}

/** The hits are there: the first is chosen, and done when Enter came before them. */
const arrive = () => {
  shown = asked
  choose(0)
  if (isAwaited && shown === input().value && hits()[0]) follow(hits()[0], false)
  isAwaited = false
}

/** Open the command box. */
kebu.openPalette = () => {
  if (!box() || box().open) return
  kebu.open(box())
  input().value = ''
  isAwaited = false
  input().focus()
  document.getElementById('hits').replaceChildren()
  htmx.trigger(document.body, 'palette-open')
}

document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (!detail.elt.closest('#palette')) return
  detail.parameters.at = here()
  asked = input().value
  if (!input().value) detail.parameters.recent = recent().filter((path) => path !== here()).join(',')
})

kebu.on('click', '[data-palette]', () => kebu.openPalette())
kebu.on('submit', '#palette form', (form, event) => event.preventDefault())
kebu.on('click', '#palette [role=option]', (hit, event) => follow(hit, event.ctrlKey || event.metaKey))
kebu.swapped((element) => {
  if (element.id === 'hits') arrive()
  if (element.id === 'panel') remember(here())
})
remember(location.pathname)

document.addEventListener('keydown', (event) => {
  if (!box()?.open || kebu.composing(event)) return
  const last = hits().length - 1
  const at = chosen()
  const isEdge = event.ctrlKey || event.metaKey || !input().value
  if (event.key === 'ArrowDown') choose(at < last ? at + 1 : 0)
  else if (event.key === 'ArrowUp') choose(at > 0 ? at - 1 : last)
  else if (event.key === 'PageDown') choose(Math.min(at + 5, last))
  else if (event.key === 'PageUp') choose(Math.max(at - 5, 0))
  else if (event.key === 'Home' && isEdge) choose(0)
  else if (event.key === 'End' && isEdge) choose(last)
  else if (event.key === 'Enter' && shown !== input().value) isAwaited = true
  else if (event.key === 'Enter' && hits()[at]) follow(hits()[at], event.ctrlKey || event.metaKey)
  else return
  event.preventDefault()
})
