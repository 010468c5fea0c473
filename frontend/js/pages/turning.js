// Pages that are turned like a book: arrows left and right go to what comes before and after. And printing.
document.addEventListener('keydown', (event) => {
  const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key]
  const book = rel && document.querySelector('[data-turn]')
  if (!book || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  if (event.target.closest?.('input, textarea, select') || document.querySelector('dialog[open]')) return
  const link = book.querySelector(`a[rel=${rel}]`)
  if (!link) return
  event.preventDefault()
  link.click()
})
document.addEventListener('click', ({ target }) => { if (target instanceof Element && target.closest('[data-print]')) print() })
