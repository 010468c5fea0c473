// A field with data-shown-with is there only while the field it names has one of data-shown-values. The server
// judges by the same rule; where the other field is not on the page nothing is hidden.
const deciding = (form, control) => {
  const own = control.closest('[data-field]')?.dataset.field ?? ''
  const prefix = own.includes('-') ? own.slice(0, own.lastIndexOf('-') + 1) : ''
  return form.querySelector(`[data-field="${CSS.escape(prefix + control.dataset.shownWith)}"]`)
}

const valuesIn = (field) => [...field.querySelectorAll('input, select, textarea')]
  .filter((control) => !['checkbox', 'radio'].includes(control.type) || control.checked)
  .flatMap((control) => control.selectedOptions ? [...control.selectedOptions].map((option) => option.value) : [control.value])

const settle = (form) => {
  for (const control of form.querySelectorAll('[data-shown-with]')) {
    const place = control.closest('[data-field]')
    const field = deciding(form, control)
    if (!place || !field) continue
    const wanted = control.dataset.shownValues.split(' ')
    place.hidden = field.hidden || !valuesIn(field).some((value) => wanted.includes(value))
  }
}

const settleIn = (root) => {
  const forms = root.matches('form') ? [root] : [...root.querySelectorAll('form')]
  forms.filter((form) => form.querySelector('[data-shown-with]')).forEach(settle)
}

kebu.on('change', 'form', settle)
kebu.swapped((element) => settleIn(element.closest('form') ?? element))
settleIn(document.body)
