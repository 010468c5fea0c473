// Single-letter shortcuts, off while typing; data-key="x" on a link or button adds one.
const CHORD = 1200
let waiting = 0

const click = (selector) => {
  const element = [...document.querySelectorAll(selector)].find((found) => kebu.visible(found) && !found.disabled)
  element?.click()
  return element !== undefined
}

const PLACES = { t: 'desk:desk', c: 'customers:list', i: 'imports:list', s: 'staff:users' }
const go = (place) => click(`.k-side a[data-go="${PLACES[place] ?? ''}"]`)

const log = () => {
  const composer = document.querySelector('#composer textarea')
  if (composer && kebu.visible(composer)) { composer.focus(); composer.scrollIntoView({ block: 'center' }); return }
  if (composer) { location.assign(`${location.pathname}#composer`); return } // on the phone it stands on another tab
  kebu.openLog()
}

/** Open the sheet that asks for whom to write, or focus the composer of the open customer. */
kebu.openLog = () => {
  const url = document.querySelector('[data-log]')?.dataset.log
  if (url) htmx.ajax('GET', url, { source: document.body, target: '#sheet', swap: 'innerHTML' })
}

const current = () => document.querySelector('tr[data-open]') ?? document.activeElement?.closest?.('[data-list] tbody tr')

/** Open the sheet for the customer of the row that is open or chosen; tell whether there is one. */
const logForRow = () => {
  const row = current()
  const url = row?.closest('[data-log-row]')?.dataset.logRow
  if (url) htmx.ajax('GET', url + row.id.replace('customer-', ''), { source: document.body, target: '#sheet', swap: 'innerHTML' })
  return Boolean(url)
}

const ACTIONS = {
  '/': () => { const box = document.querySelector('[data-list-search]'); if (box) { box.focus(); box.select() } else kebu.openPalette?.() },
  '?': () => kebu.open(document.getElementById('keys')),
  j: () => kebu.step(1),
  k: () => kebu.step(-1),
  x: () => current()?.querySelector('[name=ids]')?.click(),
  e: () => { const cell = document.querySelector('[data-edit]'); if (cell) { cell.focus(); cell.click() } },
  f: () => logForRow() || log(),
  g: () => { waiting = Date.now() },
}

const isFree = (event) => !kebu.composing(event) && !event.ctrlKey && !event.metaKey && !event.altKey && !kebu.isTyping(event.target)

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); kebu.openPalette?.(); return }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('input, select, textarea') && event.target.form?.querySelector('textarea')) {
    event.preventDefault()
    event.target.form?.requestSubmit()
    return
  }
  if (event.defaultPrevented || !isFree(event) || document.querySelector('dialog[open]')) return
  if (event.key === 'Escape') { kebu.closePanel() || kebu.pickNone?.(); return }
  if (Date.now() - waiting < CHORD && event.key !== 'g') { waiting = 0; if (go(event.key)) event.preventDefault(); return }
  if (event.key.length !== 1) return
  if (click(`[data-key="${CSS.escape(event.key)}"]`)) { event.preventDefault(); return }
  const act = ACTIONS[event.key]
  if (act) { event.preventDefault(); act() }
})

kebu.on('click', '[data-log]', log)
