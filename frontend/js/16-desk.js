// The desk: a job whose customer was just spoken to stays, struck out, until the page is loaded anew.
document.addEventListener('interaction-logged', (event) => {
  const number = event.detail?.number
  document.querySelectorAll('.k-job').forEach((job) => {
    if (job.dataset.number !== String(number)) return
    job.setAttribute('data-done', '')
    job.querySelector('.k-open')?.replaceChildren()
  })
})
