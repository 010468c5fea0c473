// Rows put in order by dragging: the form they stand in, or the one they name, sends the new order. Buttons do
// the same by keyboard.
const ready = () => {
  if (!window.Sortable) return
  for (const body of document.querySelectorAll('[data-sorting]:not([data-sorted])')) {
    body.dataset.sorted = ''
    const form = body.dataset.sorting ? document.getElementById(body.dataset.sorting) : body.closest('form')
    const send = () => form.dispatchEvent(new Event('sorted', { bubbles: true }))
    window.Sortable.create(body, { handle: '.k-grip', animation: 120, onEnd: send })
  }
}
addEventListener('DOMContentLoaded', ready)
kebu.swapped(ready)
