// Rows with a checkbox named ids: the bar of bulk actions appears, counts and carries the choice.
const bar = () => document.getElementById('bulk')
const boxes = () => [...document.querySelectorAll('table[data-select] [name=ids]')]
const picked = () => boxes().filter((box) => box.checked)
let isAll = false
let last = null

const keep = (name, value) => {
  const form = bar()
  const field = form.querySelector(`input[type=hidden][name="${name}"]`) ?? form.appendChild(kebu.make('input', { type: 'hidden', name }))
  field.value = value
}

const draw = () => {
  const rows = boxes()
  const chosen = picked()
  for (const box of rows) box.closest('tr').toggleAttribute('aria-selected', box.checked)
  for (const box of chosen) box.closest('tr').setAttribute('aria-selected', 'true')
  const head = document.querySelector('[data-select-all]')
  if (head) { head.checked = rows.length > 0 && chosen.length === rows.length; head.indeterminate = chosen.length > 0 && !head.checked }
  if (!bar()) return
  if (chosen.length !== rows.length) isAll = false
  bar().hidden = chosen.length === 0
  const total = Number(bar().dataset.total ?? 0)
  const count = isAll ? `全部${bar().dataset.totalText ?? total.toLocaleString('en')}` : chosen.length.toLocaleString('en')
  for (const place of bar().querySelectorAll('[data-picked]')) place.textContent = `已选${count}个`
  const more = bar().querySelector('[data-pick-all]')
  if (more) more.hidden = isAll || chosen.length !== rows.length || total <= rows.length
  keep('ids', chosen.map((box) => box.value).join(','))
  keep('scope', isAll ? 'all' : 'picked')
}

/** Forget the choice; tells whether there was one. */
kebu.pickNone = () => {
  const had = picked().length > 0
  isAll = false
  for (const box of boxes()) box.checked = false
  draw()
  return had
}

kebu.on('change', '[data-select-all]', (head) => { for (const box of boxes()) box.checked = head.checked; draw() })
kebu.on('click', 'table[data-select] [name=ids]', (box, event) => {
  const rows = boxes()
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((one, two) => one - two)
    for (const between of rows.slice(from, to + 1)) between.checked = box.checked
  }
  last = box
  draw()
})
kebu.on('click', '[data-pick-all]', () => { isAll = true; draw() })
kebu.on('click', '[data-pick-none]', () => kebu.pickNone())
kebu.swapped((element) => { if (element.querySelector('table[data-select]') || element.matches('table[data-select], tr')) draw() })
addEventListener('pageshow', () => { if (boxes().length) draw() })
