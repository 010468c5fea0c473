// Shortcuts of one letter or two, off while something is typed or composed, and for whom does not want them.
const CHORD = 1200
const WIDE = { '？': '?', '／': '/', '【': '[', '】': ']' } // as a Chinese keyboard types them
let first = ''
let since = 0

const lines = () => kebu.KEYS.flatMap(([, group]) => group)
const means = (line, keys) => line.act && line.keys.split('|').includes(keys)
const offKey = () => `kebu:keys-off:${kebu.user()}`
const isOff = () => kebu.store.get(offKey()) !== null

const mark = () => document.documentElement.toggleAttribute('data-keys-off', isOff())
mark()
kebu.on('change', '[data-keys-on]', (box) => {
  if (box.checked) kebu.store.drop(offKey())
  else kebu.store.set(offKey(), '1')
  mark()
})

const caps = (keys) => keys.split('|').flatMap((way, number) => [...(number ? ['或'] : []), ...way.split(' ').map((key) => kebu.make('kbd', {}, key))])

/** Show the table, without what this person cannot do. */
kebu.openKeys = () => {
  const room = document.getElementById('keys-list')
  const shown = kebu.KEYS.map(([name, group]) => [name, group.filter((line) => line.is?.() !== false)]).filter(([, group]) => group.length)
  room.replaceChildren(...shown.map(([name, group]) => kebu.make('section', {}, kebu.make('h3', {}, name), kebu.make('dl', { class: 'k-keys' },
    ...group.flatMap((line) => [kebu.make('dt', {}, ...caps(line.keys)), kebu.make('dd', {}, line.words)])))))
  document.querySelector('[data-keys-on]').checked = !isOff()
  kebu.open(document.getElementById('keys'))
  document.querySelector('#keys [data-close]').focus()
  return true
}
kebu.on('click', '[data-keys]', () => kebu.openKeys())

const isFree = (event) => !kebu.composing(event) && !event.ctrlKey && !event.metaKey && !event.altKey && !kebu.isTyping(event.target)
/** Enter belongs to the link or button in focus, and what is pressed with it. */
const isTaken = (event) => event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary, [data-edit], [tabindex="0"]') !== null

/** Do what the keys mean; a link or button may have a letter of its own. */
const run = (keys) => lines().some((line) => means(line, keys) && line.act() !== false)
  || (keys.length === 1 && [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].some((found) => kebu.visible(found) && !found.disabled && (found.click(), true)))

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); kebu.openPalette?.(); return }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('input, select, textarea') && event.target.form?.querySelector('textarea')) {
    event.preventDefault()
    event.target.form?.requestSubmit()
    return
  }
  if (event.defaultPrevented || !isFree(event) || document.querySelector('dialog[open]')) return
  if (event.key === 'Escape') { kebu.closePanel() || kebu.pickNone?.(); return }
  if (isOff() || isTaken(event) || event.repeat && !'jk'.includes(event.key)) return
  const key = WIDE[event.key] ?? event.key
  const keys = first && Date.now() - since < CHORD ? `${first} ${key}` : key
  first = lines().some((line) => line.act && line.keys.startsWith(`${keys} `)) ? keys : ''
  since = Date.now()
  if (first || run(keys)) event.preventDefault()
})
