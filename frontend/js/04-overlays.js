// Native dialogs: the side sheet and the dialog open when content arrives in them; any other by data-dialog.
const OVERLAYS = ['sheet', 'dialog']

const focusFirst = (dialog) => {
  const wanted = dialog.querySelector('[autofocus]') ?? dialog.querySelector('input:not([type=hidden]), select, textarea') ?? dialog.querySelector('footer .btn')
  if (wanted && !kebu.isPhone()) wanted.focus()
}

/** Open a dialog; the browser keeps the focus inside and gives it back at the end. */
kebu.open = (dialog) => {
  if (!dialog || dialog.open) return
  dialog.showModal()
  focusFirst(dialog)
}

/** Close a dialog; one filled by the server is emptied. */
kebu.close = (dialog) => {
  if (dialog?.open) dialog.close()
}

document.addEventListener('close', ({ target }) => {
  if (target instanceof HTMLDialogElement && 'overlay' in target.dataset) target.replaceChildren()
}, true)

kebu.swapped((element) => {
  const dialog = element.closest('dialog[data-overlay]')
  if (!dialog) return
  if (!dialog.childElementCount) return kebu.close(dialog)
  dialog.toggleAttribute('data-wide', dialog.querySelector(':scope > [data-wide]') !== null)
  const heading = dialog.querySelector('h1, h2')
  if (heading) dialog.setAttribute('aria-label', heading.textContent.trim())
  if (dialog.open) dialog.querySelector('[role=alert], [aria-invalid=true]')?.focus()
  else kebu.open(dialog)
})

/** Typed text is not thrown away by a click beside the sheet or by Esc. */
const mayClose = (dialog) => {
  const form = dialog.querySelector('form[data-guard]')
  if (!form || !kebu.isDirty?.(form) || form.dataset.draft) return true
  kebu.toast({ text: '还没有保存，按“取消”才会关掉', icon: 'info-circle' })
  return false
}

document.addEventListener('cancel', (event) => {
  if (event.target instanceof HTMLDialogElement && !mayClose(event.target)) event.preventDefault()
}, true)
document.addEventListener('pointerdown', (event) => {
  const dialog = event.target
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return
  const box = dialog.getBoundingClientRect()
  const isOutside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
  if (isOutside && mayClose(dialog)) dialog.close()
})

kebu.on('click', '[data-close]', (button) => kebu.close(button.closest('dialog')))
kebu.on('click', '[data-dialog]', (button, event) => {
  event.preventDefault()
  kebu.open(document.getElementById(button.dataset.dialog))
})
for (const name of OVERLAYS) document.addEventListener(`${name}-close`, () => kebu.close(document.getElementById(name)))
kebu.on('click', '.k-alert a[href^="#"]', (link, event) => {
  const field = document.getElementById(link.hash.slice(1))
  if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: 'center' }) }
})
kebu.on('click', '[data-back]', () => history.back())
document.querySelector('form .k-alert[role=alert][tabindex]')?.focus()
