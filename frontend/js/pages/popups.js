// Messages of the browser: allowed or not on this computer; said on the page of one's own choices.
const KEY = 'kebu-popups'
const WORDS = {
  none: '这个浏览器不支持，或网址不是 https，所以弹不出提醒',
  denied: '浏览器里禁止了提醒，请在地址栏左边的网站设置里允许',
  off: '这台电脑上没有打开',
  on: '这台电脑上已打开：页面开着、你在看别的窗口时会弹出提醒',
}
// Private windows and full disks refuse to keep anything: then the choice lasts as long as the page.
let kept = null
const choice = () => { try { return localStorage.getItem(KEY) } catch { return kept } }
const keep = (value) => { kept = value; try { localStorage.setItem(KEY, value) } catch { /* kept above */ } }
const place = document.querySelector('[data-popups]')
const button = place.querySelector('button')

const state = () => {
  if (!('Notification' in globalThis && 'serviceWorker' in navigator && isSecureContext)) return 'none'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && choice() !== 'off' ? 'on' : 'off'
}

const draw = () => {
  const now = state()
  place.querySelector('[data-popups-words]').textContent = WORDS[now]
  button.hidden = now === 'none' || now === 'denied'
  button.textContent = now === 'on' ? '关掉' : '打开'
}

button.addEventListener('click', async () => {
  const isWanted = state() !== 'on'
  if (isWanted && Notification.permission !== 'granted') await Notification.requestPermission()
  keep(isWanted ? 'on' : 'off')
  draw()
})
draw()
