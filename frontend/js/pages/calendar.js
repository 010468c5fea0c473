// The calendar: an event is dragged to another day or hour, or sent a day on by Shift and an arrow.
let held = null
let wanted = '' // the event to be in focus when the calendar has been drawn anew

const send = (event, day, clock) => {
  if (event.ariaBusy === 'true') return
  event.ariaBusy = 'true'
  wanted = event.id
  const values = { to: day, version: event.dataset.version, ...(clock ? { clock } : {}) }
  htmx.ajax('POST', event.dataset.url, { source: event, swap: 'none', values })
}

const placeAt = (target) => (target instanceof Element ? target.closest('[data-calendar] [data-day]') : null)
const unmark = () => document.querySelectorAll('[data-calendar] [data-over]').forEach((place) => place.removeAttribute('data-over'))
const mayLand = (place) => Boolean(held && place && !place.contains(held))

document.addEventListener('dragstart', (event) => {
  const found = event.target instanceof Element && event.target.closest('[data-calendar] .k-ev')
  if (!found) return
  if (!('movable' in found.dataset)) return event.preventDefault()
  held = found
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', found.textContent.trim())
  requestAnimationFrame(() => held?.setAttribute('data-held', ''))
})
document.addEventListener('dragover', (event) => {
  const place = placeAt(event.target)
  unmark()
  if (!mayLand(place)) return
  event.preventDefault()
  place.setAttribute('data-over', '')
})
document.addEventListener('drop', (event) => {
  const place = placeAt(event.target)
  if (!mayLand(place)) return
  event.preventDefault()
  place.querySelector('ul')?.append(held)
  send(held, place.dataset.day, place.dataset.clock)
})
document.addEventListener('dragend', () => {
  held?.removeAttribute('data-held')
  held = null
  unmark()
})

const shifted = (day, step) => {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + step)
  return date.toISOString().slice(0, 10)
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (!step || document.querySelector('dialog[open]')) return
  const found = event.target instanceof Element && event.target.closest('.k-ev[data-movable]')
  if (!event.shiftKey || !found) return
  send(found, shifted(found.dataset.on, step))
  event.preventDefault()
})

// What was refused stands where it stood: the calendar is drawn anew either way (calendar-changed).
document.addEventListener('htmx:afterSwap', ({ target }) => {
  if (!(target instanceof Element) || !target.matches('[data-calendar]') || !wanted) return
  document.getElementById(wanted)?.querySelector('a')?.focus()
  wanted = ''
})
