// What is wrong with a field is said until the field is typed anew; the next check tells what is still wrong.
kebu.on('input', '[data-field]', (place) => {
  const error = place.querySelector('.k-error:not([hidden])')
  if (!error) return
  error.hidden = true
  const controls = place.querySelectorAll('[id]')
  for (const control of controls) control.removeAttribute('aria-invalid')
  const alert = place.closest('form')?.querySelector('.k-alert[role=alert]:has(a[href^="#"])')
  if (!alert) return
  for (const link of alert.querySelectorAll('a[href^="#"]')) {
    if ([...controls].some((control) => `#${control.id}` === link.hash)) (link.closest('li') ?? link).hidden = true
  }
  alert.hidden = ![...alert.querySelectorAll('a[href^="#"]')].some((link) => !link.closest('[hidden]'))
})
