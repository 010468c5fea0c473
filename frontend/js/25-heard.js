// What a sentence was understood to say fills the fields of its form, save those somebody has filled or refused there
// himself. Each is shown as a chip under the sentence: one click leads to its field, another takes it away.
const own = new WeakMap() // form → names of fields that people decided
const before = new WeakMap() // form → name → what stood there before

const of = (map, form, make) => { if (!map.has(form)) map.set(form, make()); return map.get(form) }
const owned = (form) => of(own, form, () => new Set())
const stood = (form) => of(before, form, () => new Map())
const fields = (form, name) => [...form.elements].filter((field) => field.name === name && !field.closest('[data-heard]'))

const read = (form, name) => {
  const found = fields(form, name)
  return (found[0]?.type === 'radio' ? found.find((field) => field.checked) : found[0])?.value ?? ''
}
// A day without a time is asked for without one.
const date = (field, value) => {
  const [day, clock] = value.split('T')
  field.type = day && (!clock || clock === '00:00') ? 'date' : 'datetime-local'
  field.value = field.type === 'date' ? day : value
  field.closest('details').open = value !== ''
}
const write = (form, name, value) => {
  for (const field of fields(form, name)) {
    if (field.type === 'radio') field.checked = field.value === value
    else if (name === 'next_follow_up_at') date(field, value)
    else field.value = value
  }
}
const remember = (form, name) => { if (!stood(form).has(name)) stood(form).set(name, read(form, name)) }
const restore = (form, name) => {
  if (name === 'next_follow_up_at') restore(form, 'next_day')
  if (!stood(form).has(name)) return
  write(form, name, stood(form).get(name))
  stood(form).delete(name)
}

const fill = (form, box) => {
  const chips = [...box.querySelectorAll('[data-heard]')]
  const names = new Set(chips.map((chip) => chip.dataset.heard))
  for (const name of [...stood(form).keys()]) if (!names.has(name) && name !== 'next_day' && !owned(form).has(name)) restore(form, name)
  for (const chip of chips) {
    const { heard: name, value } = chip.dataset
    if (owned(form).has('own' in chip.dataset ? `${name}=${value}` : name)) chip.remove()
    else if (!('own' in chip.dataset) && fields(form, name).length) {
      remember(form, name)
      write(form, name, value)
      if (name === 'next_follow_up_at') { remember(form, 'next_day'); write(form, 'next_day', null) } // the day told counts, none of the choices
    } else if (!('own' in chip.dataset)) chip.append(kebu.make('input', { type: 'hidden', name, value }))
  }
  box.hidden = !box.querySelector('[data-heard]')
}

kebu.swapped((element) => {
  const box = element.matches('[data-heard-box]') ? element : null
  const form = box?.closest('form')
  if (form) fill(form, box)
})

// What people choose themselves stays, and is no longer said by the sentence.
const decide = ({ target, isTrusted }) => {
  const form = isTrusted && target.form
  const box = form && target.name && target.name !== 'summary' && form.querySelector('[data-heard-box]')
  if (!box || target.closest('[data-heard]')) return
  const name = target.name === 'next_day' ? 'next_follow_up_at' : target.name
  if (target.name === 'next_day') { stood(form).delete('next_day'); stood(form).delete(name); write(form, name, '') }
  else if (name === 'next_follow_up_at' && target.value) write(form, 'next_day', null)
  owned(form).add(name)
  box.querySelector(`[data-heard="${CSS.escape(name)}"]`)?.remove()
  box.hidden = !box.querySelector('[data-heard]')
}
document.addEventListener('change', decide)
document.addEventListener('input', decide)

kebu.on('click', '[data-heard-drop]', (button) => {
  const [form, box, chip] = [button.closest('form'), button.closest('[data-heard-box]'), button.closest('[data-heard]')]
  const { heard: name, value } = chip.dataset
  if (!('own' in chip.dataset)) restore(form, name)
  owned(form).add('own' in chip.dataset ? `${name}=${value}` : name)
  chip.remove()
  box.hidden = !box.querySelector('[data-heard]')
})

kebu.on('click', '[data-heard-go]', (button) => {
  const form = button.closest('form')
  const found = fields(form, button.closest('[data-heard]').dataset.heard)
  const field = found.find((one) => one.checked) ?? found[0]
  if (!field) return
  for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
  field.focus()
})
