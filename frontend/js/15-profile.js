// Customer page: its parts as tabs on the phone, and a 409 with a form in it is shown where the form was.
kebu.on('click', '[data-parts] [data-part]', (link, event) => {
  const bar = link.closest('[data-parts]')
  event.preventDefault()
  document.getElementById(bar.dataset.parts).dataset.part = link.dataset.part
  for (const other of bar.children) other.removeAttribute('aria-current')
  link.setAttribute('aria-current', 'true')
  history.replaceState(history.state, '', link.href)
})

document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.xhr.status !== 409 || !detail.xhr.getResponseHeader('Content-Type')?.startsWith('text/html')) return
  detail.shouldSwap = true
  detail.isError = false
})

kebu.on('click', '[data-log-here]', (link, event) => {
  const field = document.querySelector('#composer textarea')
  if (!field) return
  event.preventDefault()
  field.focus()
  field.scrollIntoView({ block: 'center' })
})
