// The desk: a job whose customer was just spoken to stays, struck out, until the page is loaded anew.
document.addEventListener('interaction-logged', (event) => {
  const number = String(event.detail?.number)
  const strike = () => document.querySelectorAll('.k-job').forEach((job) => {
    if (job.dataset.number !== number) return
    job.setAttribute('data-done', '')
    job.querySelector('.k-open')?.replaceChildren()
  })
  // Only after the answer has been put in place: its target must not vanish before.
  document.addEventListener('htmx:afterSettle', strike, { once: true })
})
