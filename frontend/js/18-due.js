// 记跟进 in a line of the desk leads into its text at once: no tap is spent on that. Esc closes it again, unless
// something has been typed.
kebu.swapped((element) => { if (element.matches('.k-due > .k-open')) element.querySelector('textarea')?.focus() })
document.addEventListener('keydown', (event) => {
  const open = event.target.closest?.('.k-due > .k-open')
  const form = open?.querySelector('form')
  if (event.key !== 'Escape' || event.defaultPrevented || kebu.composing(event) || !form || kebu.isDirty(form)) return
  open.replaceChildren()
  open.closest('.k-due').querySelector('.k-acts [hx-target^="#open-"]')?.focus()
})
