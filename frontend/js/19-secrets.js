// A password can be looked at while it is typed; it leaves the page as a password, and so it is kept.
const dress = (input) => {
  if (input.parentElement.matches('.k-password')) return
  const hadFocus = document.activeElement === input
  const button = kebu.make('button', { type: 'button', class: 'k-tool', 'data-secret': '', 'aria-pressed': 'false', 'aria-label': '显示明文', title: '显示明文' }, kebu.icon('eye'))
  const box = kebu.make('span', { class: 'k-password' })
  input.before(box)
  box.append(input, button)
  if (hadFocus) input.focus()
}

const show = (button, isShown) => {
  button.previousElementSibling.type = isShown ? 'text' : 'password'
  button.setAttribute('aria-pressed', String(isShown))
  button.replaceChildren(kebu.icon(isShown ? 'eye-off' : 'eye'))
}

const dressAll = (root) => { for (const input of root.querySelectorAll('input[type=password]')) dress(input) }
dressAll(document)
kebu.swapped(dressAll)
kebu.on('click', '[data-secret]', (button) => show(button, button.getAttribute('aria-pressed') === 'false'))
addEventListener('submit', ({ target }) => { for (const button of target.querySelectorAll('[data-secret][aria-pressed=true]')) show(button, false) }, true)
