// The desk: a row whose customer was just spoken to in it stays, struck out, until the page is loaded anew; what
// was logged in the sheet shows at once.
document.addEventListener('interaction-logged', (event) => {
  const number = String(event.detail?.number)
  if (!document.querySelector('.k-due .k-open form')) return htmx.trigger(document.body, 'desk-changed')
  const strike = () => document.querySelectorAll('.k-due').forEach((row) => {
    if (row.dataset.number !== number) return
    row.setAttribute('data-done', '')
    row.querySelector('.k-open')?.replaceChildren()
  })
  // Only after the answer has been put in place: its target must not vanish before.
  document.addEventListener('htmx:afterSettle', strike, { once: true })
})
