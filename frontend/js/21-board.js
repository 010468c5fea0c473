// The board: a card moves to another column by the dialog 移到哪一列, by dragging (22), or by Shift and an arrow (23).
const board = () => document.querySelector('[data-board]')
kebu.lanes = () => [...document.querySelectorAll('[data-board] .k-col')]
kebu.cardAt = (event) => (event.target instanceof Element ? event.target.closest('[data-board] .k-card') : null)
let asked = '' // the card the dialog is about, by its id: it may be drawn anew meanwhile
let wanted = '' // the card to be in focus when the board or the card has been drawn anew

kebu.laneOf = (element) => element?.closest?.('.k-col') ?? null
kebu.mayEnter = (card, lane) => Boolean(lane) && lane !== kebu.laneOf(card) && !('shut' in lane.dataset)

kebu.focusCard = (card) => {
  const link = card?.querySelector('h3 a')
  link?.focus({ preventScroll: true })
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** Put the card into the column and tell the server; what is refused goes back to where it was. */
kebu.moveCard = (card, lane) => {
  if (!('movable' in card.dataset) || card.ariaBusy === 'true' || !kebu.mayEnter(card, lane)) return
  const home = card.parentElement
  const after = card.nextElementSibling
  wanted = card.id
  card.ariaBusy = 'true'
  lane.querySelector('ul').prepend(card)
  kebu.focusCard(card)
  card.addEventListener('htmx:afterRequest', ({ detail }) => {
    card.ariaBusy = null
    if (detail.successful || !card.isConnected) return
    home.insertBefore(card, after?.parentElement === home ? after : null)
    kebu.focusCard(card)
  }, { once: true })
  const values = { to: lane.dataset.lane, version: card.dataset.version }
  htmx.ajax('POST', board().dataset.board.replace('NUMBER', card.id.replace('card-', '')), { source: card, target: card, swap: 'outerHTML', values })
}

const ask = (card) => {
  const dialog = document.getElementById('move')
  if (!dialog || !('movable' in card.dataset)) return
  asked = card.id
  document.getElementById('move-name').textContent = card.querySelector('h3 a').textContent
  const here = kebu.laneOf(card).dataset.lane
  for (const button of dialog.querySelectorAll('[data-move-to]')) {
    button.disabled = button.dataset.moveTo === here
    button.toggleAttribute('data-here', button.disabled)
  }
  kebu.open(dialog)
  dialog.querySelector('[data-move-to]:not(:disabled)')?.focus()
}

kebu.on('click', '[data-move]', (button) => ask(button.closest('.k-card')))
kebu.on('click', '[data-move-to]', (button) => {
  kebu.close(button.closest('dialog'))
  const go = () => {
    const card = document.getElementById(asked)
    if (card?.ariaBusy === 'true') document.addEventListener('htmx:afterSettle', go, { once: true }) // its last move is under way
    else if (card) kebu.moveCard(card, kebu.lanes().find((lane) => lane.dataset.lane === button.dataset.moveTo))
  }
  go()
})

/** Ask where the card in focus is to go; for the key m. */
kebu.askMove = () => {
  const card = document.activeElement?.closest('[data-board] .k-card') ?? document.querySelector('.k-card[data-open]')
  if (card) ask(card)
  return Boolean(card)
}

// A card that was moved, or the whole board, has been drawn anew: the focus stays with the card.
// Other cards that come meanwhile are the rest of their column.
kebu.swapped((element) => {
  if (element.matches('.k-card') ? element.id !== wanted : !element.matches('[data-board]')) return
  const isFree = document.activeElement === document.body || document.activeElement === null
  const card = wanted && document.getElementById(wanted)
  if (element.matches('.k-card')) wanted = ''
  if (card && isFree) kebu.focusCard(card)
})
document.addEventListener('focusin', (event) => { const card = kebu.cardAt(event); if (card) wanted = card.id })
// More cards take the place of their button: the first of them takes its focus.
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  const place = detail.target
  if (!place.matches('.k-card-more') || !place.contains(document.activeElement)) return
  const [, first] = detail.serverResponse.match(/id="(card-[^"]+)"/) ?? []
  if (first) requestAnimationFrame(() => kebu.focusCard(document.getElementById(first)))
})
