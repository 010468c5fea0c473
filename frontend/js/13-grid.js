// A table as a grid: arrow keys walk its cells, which are one stop of Tab together. Not on the phone, where rows
// are cards. What is edited in a cell, and how, stands in 13-cells.js.
const TABLE = 'table[data-cells-at]'
const seatOf = (cell) => cell.querySelector('.k-name, input[name=ids], a[href^="tel:"]') ?? cell
const cellsOf = (row) => [...row.children].filter(kebu.visible)
const cellAt = (target) => target instanceof Element && target.closest(`${TABLE} tbody td`)
let place = null // where the focus is: the row's id and the column's number

/** Put the focus into a cell, or on a fact of the page. */
kebu.enter = (cell) => {
  if (!cell.matches(`${TABLE} td`)) return cell.focus()
  const seat = seatOf(cell)
  for (const old of cell.closest('table').querySelectorAll('tbody [tabindex="0"]')) old.tabIndex = -1
  seat.tabIndex = 0
  seat.focus()
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

const to = {
  ArrowLeft: (cells, column) => cells[column - 1],
  ArrowRight: (cells, column) => cells[column + 1],
  Home: (cells) => cells[0],
  End: (cells) => cells.at(-1),
  ArrowUp: (cells, column, row) => row.previousElementSibling && cellsOf(row.previousElementSibling)[column],
  ArrowDown: (cells, column, row) => row.nextElementSibling && cellsOf(row.nextElementSibling)[column],
}

document.addEventListener('keydown', (event) => {
  const cell = cellAt(event.target)
  if (!cell || cell.dataset.edit || event.defaultPrevented || kebu.composing(event) || kebu.isPhone() || event.altKey || event.metaKey) return
  if (!to[event.key] || (event.ctrlKey && !['Home', 'End'].includes(event.key))) return
  const rows = cell.closest('tbody').children
  const row = event.ctrlKey ? rows[event.key === 'Home' ? 0 : rows.length - 1] : cell.parentElement
  const next = to[event.key](cellsOf(row), cellsOf(cell.parentElement).indexOf(cell), row)
  event.preventDefault()
  if (next) kebu.enter(next)
})

document.addEventListener('focusin', ({ target }) => {
  const cell = cellAt(target)
  place = cell ? { row: cell.parentElement.id, column: cell.cellIndex } : null
})
document.addEventListener('pointerdown', ({ target }) => {
  const cell = cellAt(target)
  if (cell && !kebu.isPhone() && seatOf(cell) === cell) cell.tabIndex = -1
})

const dress = () => {
  const table = document.querySelector(TABLE)
  if (!table || kebu.isPhone() || table.getAttribute('role') === 'grid') return
  table.setAttribute('role', 'grid')
  for (const one of table.querySelectorAll('tbody :is(a, input)')) one.tabIndex = -1
  const first = table.querySelector('tbody .k-name')
  if (first) first.tabIndex = 0
  const kept = place && document.activeElement === document.body && document.getElementById(place.row)?.children[place.column]
  if (kept) kebu.enter(kept)
}
dress()
kebu.swapped(dress)
