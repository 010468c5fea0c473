// The bell: how much is unread. One tab asks for all of them, only while somebody looks, or wants messages of the
// browser; asking is no sign that anybody is there, so it does not keep a session open.
const EVERY = 30000
const SELDOM = 90000
const bell = document.querySelector('[data-bell]')
const key = `kebu-bell-${kebu.user()}`
const kept = () => { try { return JSON.parse(kebu.store.get(key)) ?? {} } catch { return {} } }
const keep = (changes) => kebu.store.set(key, JSON.stringify({ ...kept(), ...changes }))

const popsUp = () => 'Notification' in globalThis && isSecureContext && Notification.permission === 'granted' && kebu.store.get('kebu-popups') !== 'off'

const draw = () => {
  const { count = 0 } = kept()
  const mark = bell.querySelector('data')
  mark.value = count
  mark.textContent = count > 99 ? '99+' : String(count)
  mark.hidden = count === 0
  bell.setAttribute('aria-label', count ? `通知，${count}条未读` : '通知')
}

const popUp = async ({ id, title, text, url }) => {
  const worker = await navigator.serviceWorker.ready
  worker.showNotification(title, { body: text, tag: `kebu-${id}`, icon: document.querySelector('link[rel=apple-touch-icon]')?.href, data: { url } })
}

const tell = (one) => {
  if (document.hidden) {
    if (one.is_loud && popsUp()) popUp(one)
  } else kebu.toast({ text: one.title, icon: 'bell', url: one.url })
}

const ask = async () => {
  const { tag = '', newest } = kept()
  keep({ at: Date.now() })
  const headers = { 'X-Kebu-Idle': '1', ...(tag ? { 'If-None-Match': tag } : {}) }
  const url = newest === undefined ? bell.dataset.bell : `${bell.dataset.bell}?after=${newest}`
  const answer = await fetch(url, { headers, redirect: 'manual', cache: 'no-store' }).catch(() => null)
  if (answer === null || answer.status === 304) return
  if (!answer.ok) return stop()
  const told = await answer.json()
  keep({ count: told.count, newest: Math.max(told.newest, newest ?? 0), tag: answer.headers.get('ETag') })
  draw()
  for (const one of told.news) tell(one)
}

const pause = () => (document.hidden ? (popsUp() ? SELDOM : Infinity) : EVERY)
const look = () => { if (Date.now() - (kept().at ?? 0) >= pause() - 1000) ask() }
let clock = 0
const stop = () => clearInterval(clock)

if (bell) {
  draw()
  look()
  clock = setInterval(look, 5000)
  document.addEventListener('visibilitychange', look)
  document.addEventListener('notices-changed', ask)
  addEventListener('storage', (event) => { if (event.key === key) draw() })
}

// Following a notice is reading it.
kebu.on('click', 'a[data-read]', (link) => {
  fetch(link.dataset.read, { method: 'POST', headers: { 'X-CSRFToken': kebu.token() }, keepalive: true, redirect: 'manual' })
})
