// While Chinese is being composed no key submits, no request starts and no shortcut fires.
// Chromium ends composition before the last keyup, Safari after it; keyCode 229 marks the keys between.
let justEnded = 0

addEventListener('compositionstart', () => { kebu.isComposing = true }, true)
addEventListener('compositionend', (event) => {
  kebu.isComposing = false
  justEnded = event.timeStamp
  event.target.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertCompositionText' }))
}, true)

const guard = (event) => {
  const isEnter = event.key === 'Enter' || event.keyCode === 229
  const belongsToIme = kebu.composing(event) || (isEnter && event.timeStamp - justEnded < 30)
  if (!belongsToIme) return
  event.stopImmediatePropagation()
  if (isEnter && event.type === 'keydown' && event.key === 'Enter') event.preventDefault()
}
for (const type of ['keydown', 'keypress', 'keyup']) addEventListener(type, guard, true)

// htmx listens to input and change; the text is not final before compositionend.
addEventListener('input', (event) => { if (kebu.composing(event)) event.stopImmediatePropagation() }, true)
addEventListener('submit', (event) => {
  if (!kebu.isComposing) return
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)
document.addEventListener('htmx:beforeRequest', (event) => { if (kebu.isComposing && event.detail.requestConfig?.triggeringEvent?.isTrusted) event.preventDefault() })
