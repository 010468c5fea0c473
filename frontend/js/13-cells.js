// A table as a grid: arrow keys walk its cells, which are one stop of Tab together; F2, Enter or a double click
// edits the cell by the same form as on the customer's page. Not on the phone, where rows are cards.
const TABLE = 'table[data-cells-at]'
const seatOf = (cell) => cell.querySelector('.k-name, input[name=ids], a[href^="tel:"]') ?? cell
const cellsOf = (row) => [...row.children].filter(kebu.visible)
const headOf = (cell) => cell.closest('table').querySelector(`th[data-col="${cell.dataset.col}"]`)
let place = null // where the focus is: the row's id and the column's number

/** Tell whether the reader may change what stands in this cell. */
kebu.isEditable = (cell) => {
  if (!cell?.dataset.col || kebu.isPhone() || !cell.closest(TABLE)) return false
  const [row, head] = [cell.parentElement, headOf(cell)]
  return head?.hasAttribute('data-edits') && !row.matches('[data-lacks~=edit]') && [undefined, row.dataset.kind ?? 'company'].includes(head.dataset.only)
}

/** Put the focus into a cell, or on a fact of the page. */
kebu.enter = (cell) => {
  if (!cell.matches(`${TABLE} td`)) return cell.focus()
  const table = cell.closest('table')
  const seat = seatOf(cell)
  for (const old of table.querySelectorAll('tbody [tabindex="0"]')) old.tabIndex = -1
  seat.tabIndex = 0
  seat.focus()
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

const ready = (cell) => {
  const number = cell.parentElement.id.replace('customer-', '')
  for (const one of cell.parentElement.children) if (one.dataset.col) one.id = `cell-${number}-${one.dataset.col}`
  cell.dataset.edit = cell.closest('table').dataset.cellsAt.replace('NUMBER', number).replace('NAME', cell.dataset.col)
  return cell.id
}

/** A cell that is done with is a cell again: a click opens its row. */
kebu.leftCell = (cell) => { if (cell.matches('td')) cell.removeAttribute('data-edit') }

/** The id of the cell to edit after this one, or before it. */
kebu.cellBeside = (cell, step) => {
  const cells = [...cell.closest('tbody').querySelectorAll('td[data-col]')].filter((one) => one === cell || (kebu.isEditable(one) && kebu.visible(one)))
  const next = cells[cells.indexOf(cell) + step]
  return next ? ready(next) : null
}
kebu.cellBelow = (cell) => {
  const below = cell.matches('td') && cell.parentElement.nextElementSibling?.children[cell.cellIndex]
  if (below) below.id ||= `cell-${below.parentElement.id}-${cell.cellIndex}`
  return below ? below.id : null
}

const edit = (cell) => { ready(cell); kebu.edit(cell) }

const to = {
  ArrowLeft: (cells, column) => cells[column - 1],
  ArrowRight: (cells, column) => cells[column + 1],
  Home: (cells) => cells[0],
  End: (cells) => cells.at(-1),
  ArrowUp: (cells, column, row) => row.previousElementSibling && cellsOf(row.previousElementSibling)[column],
  ArrowDown: (cells, column, row) => row.nextElementSibling && cellsOf(row.nextElementSibling)[column],
}

document.addEventListener('keydown', (event) => {
  const cell = event.target instanceof Element && event.target.closest(`${TABLE} tbody td`)
  if (!cell || cell.dataset.edit || event.defaultPrevented || kebu.composing(event) || kebu.isPhone() || event.altKey || event.metaKey) return
  const isPlain = event.target === cell
  if (to[event.key] && (!event.ctrlKey || ['Home', 'End'].includes(event.key))) {
    const rows = cell.closest('tbody').children
    const row = event.ctrlKey ? rows[event.key === 'Home' ? 0 : rows.length - 1] : cell.parentElement
    const cells = cellsOf(row)
    const next = to[event.key](cells, cellsOf(cell.parentElement).indexOf(cell), row)
    event.preventDefault()
    if (next) kebu.enter(next)
  } else if (event.key === 'F2' || (event.key === 'Enter' && isPlain)) {
    event.preventDefault()
    if (kebu.isEditable(cell)) edit(cell)
    else if (isPlain) cell.parentElement.querySelector('a[data-panel]')?.click()
  }
})

document.addEventListener('dblclick', (event) => {
  const cell = event.target instanceof Element && event.target.closest(`${TABLE} tbody td`)
  if (!kebu.isEditable(cell) || cell.dataset.edit || event.target.closest('a, input, button')) return
  getSelection()?.removeAllRanges()
  edit(cell)
})

// What a cell changes beside itself comes along for the columns that are shown.
document.addEventListener('htmx:configRequest', ({ target, detail }) => {
  const cell = target instanceof Element && target.closest(`${TABLE} td[data-edit]`)
  if (cell) detail.headers['X-Cells'] = [...cell.parentElement.children].map((one) => one.dataset.col).filter(Boolean).join(',')
})

document.addEventListener('focusin', ({ target }) => {
  const cell = target.closest(`${TABLE} tbody td`)
  place = cell && { row: cell.parentElement.id, column: cell.cellIndex }
})
document.addEventListener('pointerdown', ({ target }) => {
  const cell = target instanceof Element && target.closest(`${TABLE} tbody td`)
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
kebu.swapped((element) => {
  const cell = element.closest(`${TABLE} td[data-edit]`)
  if (cell && !cell.querySelector('form')) {
    kebu.leftCell(cell)
    if (document.activeElement === document.body) kebu.enter(cell)
  } else dress()
})
