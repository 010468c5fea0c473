// Sections of a form that fold away tell how many of their fields are filled.
const isFilled = (control) => ['checkbox', 'radio'].includes(control.type) ? control.checked : control.value.trim() !== ''

kebu.on('change', '.k-fold', (fold) => {
  const fields = [...fold.querySelectorAll('[data-field]')]
  const filled = fields.filter((field) => [...field.querySelectorAll('input, select, textarea')].some(isFilled))
  fold.querySelector('[data-filled]').textContent = filled.length
})
