// The desk: a row whose customer was just spoken to stays, struck out, until the page is loaded anew.
document.addEventListener('interaction-logged', (event) => {
  const number = String(event.detail?.number)
  const strike = () => document.querySelectorAll('.k-due').forEach((row) => {
    if (row.dataset.number !== number) return
    row.setAttribute('data-done', '')
    row.querySelector('.k-open')?.replaceChildren()
  })
  // Only after the answer has been put in place: its target must not vanish before.
  document.addEventListener('htmx:afterSettle', strike, { once: true })
})
