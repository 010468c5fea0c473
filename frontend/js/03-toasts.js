// Short messages at the foot of the page; one with 撤销 stays ten seconds, and longer under the pointer or focus.
const LIFE = 10000
const SHORT = 4000
const MOST = 3

const region = () => {
  const shared = document.getElementById('toasts') ?? document.body.appendChild(kebu.make('div', { class: 'k-toasts', id: 'toasts', role: 'status' }))
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1)
  if (modal && !modal.contains(shared)) modal.append(shared)
  return shared
}

const leave = (element) => {
  let left = element.dataset.undo ? LIFE : SHORT
  let since = Date.now()
  let timer = 0
  const run = () => { since = Date.now(); timer = setTimeout(() => element.remove(), left) }
  const hold = () => { clearTimeout(timer); left = Math.max(1000, left - (Date.now() - since)) }
  for (const type of ['pointerenter', 'focusin']) element.addEventListener(type, hold)
  for (const type of ['pointerleave', 'focusout']) element.addEventListener(type, run)
  run()
}

const offerUndo = (element, url) => {
  element.dataset.ttl = ''
  element.append(kebu.make('button', { type: 'button' }, '撤销'))
  element.lastChild.addEventListener('click', () => {
    element.remove()
    htmx.ajax('POST', url, { source: document.body, swap: 'none' })
  })
}

const start = (element) => {
  if (element.dataset.undo) offerUndo(element, element.dataset.undo)
  leave(element)
}

/** Show a message: {text, undo, icon}, and with `url` the page it is about. */
kebu.toast = ({ text, undo = null, icon = 'check', url = '' }) => {
  const place = region()
  const element = kebu.make('p', { class: 'k-toast', 'data-undo': undo }, kebu.icon(icon), kebu.make('span', {}, text))
  if (!undo) delete element.dataset.undo
  if (url) element.append(kebu.make('a', { href: url }, '打开'))
  while (place.children.length >= MOST) place.firstElementChild.remove()
  place.append(element)
  start(element)
}

document.addEventListener('toast', (event) => kebu.toast({ ...event.detail }))
document.addEventListener('close', (event) => {
  const shared = document.getElementById('toasts')
  if (shared && event.target.contains(shared)) document.body.append(shared)
}, true)
for (const element of document.querySelectorAll('.k-toast[data-arrived]')) start(element)
