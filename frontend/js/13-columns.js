// Column picker: what a person hides in a list stays hidden in this browser.
const tables = () => document.querySelectorAll('table[data-columns]')
const keyFor = (name) => `kebu:columns:${kebu.user()}:${name}`
const atFirst = (table) => (table.dataset.columnsOff ?? '').split(',').filter(Boolean)
const hiddenIn = (table) => { try { return JSON.parse(kebu.store.get(keyFor(table.dataset.columns))) ?? atFirst(table) } catch { return atFirst(table) } }

const apply = (table) => {
  const hidden = hiddenIn(table)
  for (const cell of table.querySelectorAll('[data-col]')) cell.hidden = hidden.includes(cell.dataset.col)
}
const sync = () => {
  const [table] = tables()
  if (!table) return
  const hidden = hiddenIn(table)
  for (const box of document.querySelectorAll('input[data-column]')) box.checked = !hidden.includes(box.dataset.column)
}

kebu.on('change', 'input[data-column]', (box) => {
  const [table] = tables()
  if (!table) return
  const name = table.dataset.columns
  const rest = hiddenIn(table).filter((column) => column !== box.dataset.column)
  kebu.store.set(keyFor(name), JSON.stringify(box.checked ? rest : [...rest, box.dataset.column]))
  tables().forEach(apply)
})
const refresh = () => { tables().forEach(apply); sync() }
refresh()
kebu.swapped(refresh)
