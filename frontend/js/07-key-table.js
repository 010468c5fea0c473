// The keyboard, said once: 07-keys.js does what this table says, the dialog of ? shows it.
// `keys` are pressed one after the other, «|» divides keys for the same thing; `act` tells whether there was
// something to do; a line without `act` is done elsewhere; `is` tells whether the line means anything to this person.
const all = (selector) => [...document.querySelectorAll(selector)].filter((found) => !found.disabled)
const click = (selector) => {
  const element = all(selector).find(kebu.visible)
  element?.click()
  return element !== undefined
}
const sheet = (url) => htmx.ajax('GET', url, { source: document.body, target: '#sheet', swap: 'innerHTML' })
const current = () => document.querySelector('tr[data-open]') ?? document.activeElement?.closest?.('[data-list] tbody tr')
const isListed = () => document.querySelector('[data-list]') !== null
const isBoard = () => document.querySelector('[data-board]') !== null
const isCustomer = () => document.querySelector('#customer-name') !== null

const place = (key, name, words) => ({
  keys: `g ${key}`, words, is: () => document.querySelector(`.k-side a[data-go="${name}"]`) !== null, act: () => click(`.k-side a[data-go="${name}"]`),
})

/** Open the sheet for the customer of the row or card that is open or chosen; tell whether there is one. */
const logForRow = () => {
  const url = document.querySelector('[data-log-row]')?.dataset.logRow
  const row = current()
  if (!url || !row) return false
  sheet(url + row.id.replace('customer-', ''))
  return true
}
const log = () => {
  const composer = document.querySelector('#composer textarea')
  if (composer && kebu.visible(composer)) { composer.focus(); composer.scrollIntoView({ block: 'center' }) } else if (composer) location.assign(`${location.pathname}#composer`) // on the phone it stands on another tab
  else return kebu.openLog()
  return true
}

/** Open the sheet that asks for whom to write. */
kebu.openLog = () => {
  const url = document.querySelector('[data-log]')?.dataset.log
  if (url) sheet(url)
  return Boolean(url)
}
kebu.on('click', '[data-log]', log)

const search = () => {
  const box = document.querySelector('[data-list-search]')
  if (!box) return kebu.openPalette?.()
  box.focus()
  box.select()
  return true
}
const edit = () => {
  const cell = [...(current()?.querySelectorAll('[data-edit]') ?? []), ...all('#panel [data-edit], main [data-edit]')].find(kebu.visible)
  if (!cell) return false
  cell.focus()
  cell.click()
  return true
}
/** Show the customer of the row or card in focus in the panel; if it is there already, its page. */
const show = () => {
  const row = document.activeElement?.closest?.('[data-list] tbody tr, .k-card') ?? document.querySelector('[data-list] [data-open]')
  const link = row?.querySelector('a[data-panel]')
  if (!link) return false
  if (row.hasAttribute('data-open') && !document.getElementById('panel').hidden) location.assign(link.href)
  else link.click()
  return true
}
const isGrid = () => document.querySelector('[role=grid]') !== null
const walk = (step) => (isListed() ? (kebu.step(step), true) : click(`#crumb a[rel=${step > 0 ? 'next' : 'prev'}]`))

kebu.KEYS = [
  ['到处', [
    { keys: 'Ctrl K|⌘ K', words: '搜索和命令' },
    { keys: '/', words: '在列表里找', act: search },
    { keys: 'c', words: '新建客户', is: () => all('[data-key=c]').length > 0, act: () => click('[data-key=c]') },
    { keys: 'f', words: '记跟进', is: () => document.querySelector('[data-log], #composer') !== null, act: () => logForRow() || log() },
    { keys: '?', words: '这张表', act: () => kebu.openKeys() },
    { keys: 'Esc', words: '关闭、取消' },
  ]],
  ['去', [
    place('t', 'desk:desk', '工作台'), place('c', 'customers:list', '客户'), place('i', 'imports:list', '导入'),
    place('d', 'disputes:list', '撞单'), place('a', 'customers:archive', '归档'), place('r', 'recycling:list', '回收站'),
    place('b', 'batches:list', '批量操作'), place('l', 'audit:list', '操作日志'), place('s', 'staff:users', '设置'),
  ]],
  ['客户列表', [
    { keys: 'j', words: '下一个', act: () => walk(1) },
    { keys: 'k', words: '上一个', act: () => walk(-1) },
    { keys: 'Enter|o', words: '打开，再按一次看整页', act: show },
    { keys: 'x', words: '选中', act: () => { const box = current()?.querySelector('[name=ids]'); box?.click(); return Boolean(box) } },
    { keys: 'b', words: '列表换看板，看板换列表', act: () => click('[data-look]:not([aria-current])') },
    { keys: '↑ ↓ ← →', words: '在表格里走', is: isGrid },
    { keys: 'F2', words: '改这一格，也可以双击；Tab 存好改下一格', is: isGrid },
  ]],
  ['看板', [
    { keys: '↑ ↓ ← →', words: '走到旁边的卡片' },
    { keys: 'Shift ← →', words: '移到旁边的列' },
    { keys: 'm', words: '选一列移过去', act: () => isBoard() && kebu.askMove() },
  ]],
  ['客户主页', [
    { keys: '[', words: '上一个客户', act: () => walk(-1) },
    { keys: ']', words: '下一个客户', act: () => walk(1) },
    { keys: 'e', words: '编辑', act: () => edit() || click('[data-key=e]') },
    { keys: 'Tab', words: '保存这一项，改下一项', is: isCustomer },
  ]],
]
