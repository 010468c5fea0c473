// Pages that are turned like a book: arrows left and right go to what comes before and after. And printing.
document.addEventListener('keydown', (event) => {
  const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key]
  const book = rel && document.querySelector('[data-turn]')
  if (!book || kebu.composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  if (kebu.isTyping(event.target) || document.querySelector('dialog[open]')) return
  const link = book.querySelector(`a[rel=${rel}]`)
  if (!link) return
  event.preventDefault()
  link.click()
})
kebu.on('click', '[data-print]', () => print())
