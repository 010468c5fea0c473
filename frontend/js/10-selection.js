// Rows with a checkbox named ids: the bar of bulk actions appears, counts and carries the choice. The choice is
// kept while one pages and filters; «all» means what the list asked for then, and ends with another question.
const KEPT = `kebu:picked${document.getElementById('plans') ? ':plans' : ''}`
const bar = () => document.getElementById('bulk')
const boxes = () => [...document.querySelectorAll('table[data-select] [name=ids]')]
const chosen = new Map() // id → the rights that the reader lacks there
let all = null // the address of the list whose customers are all meant
let isMode = false
let last = null

const keep = (name, value) => {
  const form = bar()
  const field = form.querySelector(`input[type=hidden][name="${name}"]`) ?? form.appendChild(kebu.make('input', { type: 'hidden', name }))
  field.value = value
}

const words = (rows) => {
  if (all !== null) return `已选全部${bar().dataset.totalText ?? bar().dataset.total}个`
  const elsewhere = chosen.size - rows.filter((box) => box.checked).length
  return `已选${chosen.size.toLocaleString('en')}个${elsewhere ? `，${elsewhere.toLocaleString('en')}个不在这一页` : ''}`
}

const add = (box) => chosen.set(box.value, box.closest('tr').dataset.lacks ?? '')

/** An action is offered unless it can be done to none of the customers chosen. */
const offer = (act) => {
  const isLacking = all === null && act.dataset.right && chosen.size > 0 && [...chosen.values()].every((lacks) => lacks.split(' ').includes(act.dataset.right))
  act.disabled = chosen.size === 0 || Boolean(isLacking)
  act.title = isLacking ? `选中的客户都不在你能${act.textContent.trim()}的范围里` : ''
}

const draw = () => {
  const rows = boxes()
  if (all !== null && bar()?.dataset.address !== all) { all = null; chosen.clear() }
  if (all !== null) for (const box of rows) add(box)
  for (const box of rows) {
    box.checked = chosen.has(box.value)
    if (box.checked) box.closest('tr').setAttribute('aria-selected', 'true'); else box.closest('tr').removeAttribute('aria-selected')
  }
  const here = rows.filter((box) => box.checked).length
  const head = document.querySelector('[data-select-all]')
  if (head) { head.checked = rows.length > 0 && here === rows.length; head.indeterminate = here > 0 && !head.checked }
  try { sessionStorage.setItem(KEPT, JSON.stringify([kebu.user(), ...(all === null ? chosen.keys() : [])])) } catch { /* not kept then */ }
  if (!bar()) return
  const total = Number(bar().dataset.total ?? 0)
  bar().hidden = !isMode && chosen.size === 0
  for (const button of document.querySelectorAll('[data-select-mode]')) button.setAttribute('aria-pressed', String(isMode))
  bar().querySelectorAll('[hx-post], [hx-get]').forEach(offer)
  for (const place of bar().querySelectorAll('[data-picked]')) place.textContent = words(rows)
  const [more, page] = ['[data-pick-all]', '[data-pick-page]'].map((name) => bar().querySelector(name))
  if (more) more.hidden = all !== null || total <= rows.length || (here !== rows.length && !isMode)
  if (page) page.hidden = !isMode || all !== null || here === rows.length
  keep('ids', all === null ? [...chosen.keys()].join(',') : '')
  keep('scope', all === null ? 'picked' : 'all')
}

const take = (box) => {
  if (box.checked) add(box)
  else {
    if (all !== null) { chosen.clear(); boxes().forEach(add) }
    all = null
    chosen.delete(box.value)
  }
}

/** Forget the choice; tells whether there was one. */
kebu.pickNone = () => {
  const had = chosen.size > 0
  all = null
  chosen.clear()
  draw()
  return had
}

const pickPage = (isOn) => { for (const box of boxes()) { box.checked = isOn; take(box) } }
kebu.on('change', '[data-select-all]', (head) => { pickPage(head.checked); draw() })
kebu.on('click', 'table[data-select] [name=ids]', (box, event) => {
  const rows = boxes()
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((one, two) => one - two)
    for (const between of rows.slice(from, to + 1)) { between.checked = box.checked; take(between) }
  }
  last = box
  take(box)
  draw()
})
kebu.on('click', '[data-pick-page]', () => { pickPage(true); draw() })
kebu.on('click', '[data-pick-all]', () => { pickPage(true); all = bar().dataset.address; draw() })
kebu.on('click', '[data-pick-none]', () => setMode(false))

const setMode = (isOn) => {
  isMode = isOn
  if (isOn) draw(); else kebu.pickNone()
}
const toggle = (box) => { box.checked = !box.checked; last = box; take(box); draw() }
kebu.picking = { isOn: () => isMode, set: setMode, toggle }
kebu.on('click', '[data-select-mode]', () => setMode(!isMode))
document.addEventListener('picked-done', () => setMode(false))
kebu.swapped((element) => { if (element.querySelector('table[data-select]') || element.matches('table[data-select], tr, #customer-list')) draw() })

const recall = () => {
  const isBack = performance.getEntriesByType('navigation')[0]?.type === 'back_forward' || location.hash.startsWith('#customer-')
  try {
    const [user, ...ids] = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')
    if (isBack && user === kebu.user()) for (const id of ids) chosen.set(id, '')
  } catch { /* nothing to recall */ }
  if (boxes().length || chosen.size) draw()
}
if (bar()) recall()
addEventListener('pageshow', (event) => { if (event.persisted) draw() })
