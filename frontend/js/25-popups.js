// Messages of the browser: allowed or not on this computer, said where one's choices are.
const WORDS = {
  none: '这个浏览器不支持，或网址不是 https，所以弹不出提醒',
  denied: '浏览器里禁止了提醒，请在地址栏左边的网站设置里允许',
  off: '这台电脑上没有打开',
  on: '这台电脑上已打开：页面开着、你在看别的窗口时会弹出提醒',
}

const state = () => {
  if (!kebu.popups.possible()) return 'none'
  if (Notification.permission === 'denied') return 'denied'
  return kebu.popups.on() ? 'on' : 'off'
}

const draw = () => {
  for (const place of document.querySelectorAll('[data-popups]')) {
    const now = state()
    place.querySelector('[data-popups-words]').textContent = WORDS[now]
    const button = place.querySelector('button')
    button.hidden = now === 'none' || now === 'denied'
    button.textContent = now === 'on' ? '关掉' : '打开'
  }
}

kebu.on('click', '[data-popups] button', async () => {
  const wanted = state() !== 'on'
  if (wanted && Notification.permission !== 'granted') await Notification.requestPermission()
  kebu.store.set('kebu-popups', wanted ? 'on' : 'off')
  draw()
})
draw()
