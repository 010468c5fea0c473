// Cells of a table are edited in place, by the same form as on the customer's page: F2, Enter or a double click
// opens it. 11-inline.js does the rest and asks here what comes after a cell.
const TABLE = 'table[data-cells-at]'
const headOf = (cell) => cell.closest('table').querySelector(`th[data-col="${cell.dataset.col}"]`)
const cellAt = (target) => target instanceof Element && target.closest(`${TABLE} tbody td`)

/** Tell whether the reader may change what stands in this cell. */
kebu.isEditable = (cell) => {
  if (!cell?.dataset.col || kebu.isPhone() || !cell.closest(TABLE)) return false
  const [row, head] = [cell.parentElement, headOf(cell)]
  return head?.hasAttribute('data-edits') && !row.matches('[data-lacks~=edit]') && [undefined, row.dataset.kind ?? 'company'].includes(head.dataset.only)
}

const ready = (cell) => {
  const number = cell.parentElement.id.replace('customer-', '')
  for (const one of cell.parentElement.children) if (one.dataset.col) one.id = `cell-${number}-${one.dataset.col}`
  cell.dataset.edit = cell.closest('table').dataset.cellsAt.replace('NUMBER', number).replace('NAME', cell.dataset.col)
  return cell.id
}
const edit = (cell) => { ready(cell); kebu.edit(cell) }

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

// While somebody types in a cell the list does not draw itself anew under his hands: it waits until he is done.
let isStale = false
const isTyping = () => document.querySelector(`${TABLE} td[data-edit] > form`) !== null
const catchUp = () => {
  if (!isStale || isTyping()) return
  isStale = false
  htmx.trigger(document.body, 'customer-changed')
}
document.addEventListener('htmx:beforeRequest', (event) => {
  const { elt, requestConfig } = event.detail
  if (elt.id !== 'customer-list' || requestConfig.triggeringEvent?.type !== 'customer-changed' || !isTyping()) return
  event.preventDefault()
  isStale = true
})

/** A cell that is done with is a cell again: a click opens its row. */
kebu.leftCell = (cell) => {
  if (!cell.matches('td')) return
  cell.removeAttribute('data-edit')
  setTimeout(catchUp, 500)
}
kebu.swapped((element) => {
  const cell = element.closest(`${TABLE} td[data-edit]`)
  if (!cell || cell.querySelector('form')) return
  kebu.leftCell(cell)
  if (document.activeElement === document.body) kebu.enter(cell)
})

document.addEventListener('keydown', (event) => {
  const cell = cellAt(event.target)
  if (!cell || cell.dataset.edit || event.defaultPrevented || kebu.composing(event) || kebu.isPhone() || event.altKey || event.metaKey || event.ctrlKey) return
  const isPlain = event.target === cell
  if (event.key !== 'F2' && !(event.key === 'Enter' && isPlain)) return
  event.preventDefault()
  if (kebu.isEditable(cell)) edit(cell)
  else if (isPlain) cell.parentElement.querySelector('a[data-panel]')?.click()
})

document.addEventListener('dblclick', (event) => {
  const cell = cellAt(event.target)
  if (!cell || !kebu.isEditable(cell) || cell.dataset.edit || event.target.closest('a, input, button')) return
  getSelection()?.removeAllRanges()
  edit(cell)
})

// What a cell changes beside itself comes along for the columns that are shown.
document.addEventListener('htmx:configRequest', ({ target, detail }) => {
  const cell = target instanceof Element && target.closest(`${TABLE} td[data-edit]`)
  if (cell) detail.headers['X-Cells'] = [...cell.parentElement.children].map((one) => one.dataset.col).filter(Boolean).join(',')
})
