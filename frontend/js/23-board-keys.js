// The board by keyboard, and the customer of a card in the panel beside it.
const cardsOf = (lane) => [...lane.querySelectorAll('.k-card')]

/** The card an arrow leads to: the next in the column, or one as high in the next column that has any. */
const beside = (card, key) => {
  const all = kebu.lanes()
  const lane = kebu.laneOf(card)
  const row = cardsOf(lane).indexOf(card)
  if (key === 'ArrowUp') return cardsOf(lane)[row - 1]
  if (key === 'ArrowDown') return cardsOf(lane)[row + 1]
  const step = key === 'ArrowLeft' ? -1 : 1
  for (let place = all.indexOf(lane) + step; all[place]; place += step) {
    const there = cardsOf(all[place])
    if (there.length) return there[Math.min(row, there.length - 1)]
  }
  return undefined
}

document.addEventListener('keydown', (event) => {
  const card = kebu.cardAt(event)
  if (!card || kebu.composing(event) || event.ctrlKey || event.metaKey || event.altKey) return
  const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
  if (event.shiftKey && isSideways) {
    const open = kebu.lanes().filter((lane) => !('shut' in lane.dataset) || lane === kebu.laneOf(card))
    kebu.moveCard(card, open[open.indexOf(kebu.laneOf(card)) + (event.key === 'ArrowLeft' ? -1 : 1)])
  } else if (isSideways || event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    const next = beside(card, event.key)
    const more = event.key === 'ArrowDown' && kebu.laneOf(card).querySelector('.k-card-more button')
    if (next) kebu.focusCard(next)
    else if (more) more.focus()
  } else return
  event.preventDefault()
})

/** Mark the card and show its customer in the panel beside the board, where there is room for one. */
const show = (card) => {
  for (const other of document.querySelectorAll('.k-card[data-open]')) other.removeAttribute('data-open')
  card.setAttribute('data-open', '')
  kebu.show(card.querySelector('h3 a'))
}
document.addEventListener('click', (event) => {
  const card = kebu.cardAt(event)
  const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
  if (!card || !isPlain || innerWidth < 1024 || event.defaultPrevented || !event.target.closest('a[data-panel]')) return
  event.preventDefault()
  show(card)
})

const stepRows = kebu.step
kebu.step = (step) => {
  if (!document.querySelector('[data-board]')) return stepRows(step)
  const card = document.activeElement?.closest('.k-card') ?? document.querySelector('.k-card[data-open]')
  const next = card ? beside(card, step > 0 ? 'ArrowDown' : 'ArrowUp') : document.querySelector('.k-card')
  if (!next) return
  kebu.focusCard(next)
  if (!document.getElementById('panel').hidden) show(next)
}
