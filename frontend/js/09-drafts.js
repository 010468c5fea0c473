// What is typed into form[data-draft] survives errors, reload and sign-out, per user, in this browser only.
const WAIT = 400
const OLD = 14 * 24 * 3600 * 1000
const keyOf = (form) => `kebu:draft:${form.hasAttribute('data-offline') ? lastUser() : kebu.user()}:${form.dataset.draft}`
const lastUser = () => kebu.store.get('kebu:user') ?? ''
const timers = new WeakMap()

const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== 'csrfmiddlewaretoken' && !['password', 'file', 'hidden', 'search', 'submit', 'button'].includes(field.type))
const isChecky = (field) => field.type === 'checkbox' || field.type === 'radio'
const valueOf = (field) => (isChecky(field) ? field.checked : field.value)
const initial = (field) => {
  if (isChecky(field)) return field.defaultChecked
  if (field instanceof HTMLSelectElement) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? ''
  return field.defaultValue
}
const idOf = (field) => (isChecky(field) ? `${field.name}=${field.value}` : field.name)

const isBlank = (field) => (isChecky(field) ? !field.checked : field.value === '')

// A form that came back with errors holds typed text as its initial values: everything filled counts.
const cameBack = (form) => form.querySelector('[aria-invalid=true], .k-alert[role=alert]') !== null
const changed = (form) => {
  const isAnswer = cameBack(form)
  return fields(form).filter((field) => (isAnswer ? !isBlank(field) : valueOf(field) !== initial(field)))
}

/** True when something in the form was typed and not saved. */
kebu.isDirty = (form) => changed(form).length > 0

const save = (form) => {
  if (!form.isConnected) return
  const typed = changed(form)
  if (!typed.length) return kebu.store.drop(keyOf(form))
  const values = Object.fromEntries(typed.map((field) => [idOf(field), valueOf(field)]))
  kebu.store.set(keyOf(form), JSON.stringify({ at: Date.now(), values }))
  const note = form.querySelector('[data-draft-note]')
  if (note) note.textContent = '草稿已存'
}

const drop = (form) => {
  clearTimeout(timers.get(form))
  timers.delete(form)
  kebu.store.drop(keyOf(form))
}

const restore = (form) => {
  if (form.dataset.drafted || cameBack(form)) return
  form.dataset.drafted = '1'
  let kept
  try { kept = JSON.parse(kebu.store.get(keyOf(form))) } catch { kept = null }
  if (!kept) return
  if (Date.now() - kept.at > OLD) return drop(form)
  const restored = fields(form).filter((field) => idOf(field) in kept.values && valueOf(field) === initial(field))
  for (const field of restored) {
    if (isChecky(field)) field.checked = kept.values[idOf(field)]
    else field.value = kept.values[idOf(field)]
  }
  if (restored.length) announce(form)
}

const announce = (form) => {
  const clear = kebu.make('button', { type: 'button', class: 'k-bare k-link' }, '不要了')
  const note = kebu.make('p', { class: 'k-draft', role: 'status' }, kebu.icon('history'), '草稿已恢复', clear)
  clear.addEventListener('click', () => { drop(form); form.reset(); note.remove() })
  const head = form.querySelector(':scope > header')
  if (head) head.after(note)
  else form.prepend(note)
  for (const field of fields(form)) if (valueOf(field) !== initial(field)) field.dispatchEvent(new Event('input', { bubbles: true }))
}

kebu.on('input', 'form[data-draft]', (form) => {
  clearTimeout(timers.get(form))
  timers.set(form, setTimeout(() => save(form), WAIT))
})
addEventListener('pagehide', () => { for (const form of document.querySelectorAll('form[data-draft]')) if (timers.has(form) && kebu.isDirty(form)) save(form) })
// Before the answer is shown: it may hold the same form, empty for the next record.
document.addEventListener('htmx:beforeOnLoad', ({ detail }) => {
  const form = detail.elt.closest?.('form[data-draft]')
  const isDone = detail.xhr.status >= 200 && detail.xhr.status < 300
  if (form && isDone && detail.requestConfig.verb === 'post' && detail.elt === form) drop(form)
})
// A plain form leaves the page: its draft goes when the next page is not the same form again.
kebu.on('submit', 'form[data-draft]:not([hx-post])', (form) => { save(form); kebu.store.set('kebu:sent', keyOf(form)) })
const sent = kebu.store.get('kebu:sent')
kebu.store.drop('kebu:sent')
const all = (root) => [...(root.querySelectorAll?.('form[data-draft]') ?? []), ...(root.matches?.('form[data-draft]') ? [root] : [])]
if (sent && !all(document).some((form) => keyOf(form) === sent)) kebu.store.drop(sent)
if (kebu.user()) kebu.store.set('kebu:user', kebu.user())
all(document).forEach(restore)
document.addEventListener('htmx:load', ({ detail }) => all(detail.elt).forEach(restore))
// Signing out on a shared machine: what others must not see goes.
kebu.on('submit', 'form[data-forget]', () => { for (const key of kebu.store.keys()) if (key.startsWith('kebu:recent:')) kebu.store.drop(key) })
