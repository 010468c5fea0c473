// Side panel beside a list: a plain click in a row shows the record there, previous and next walk the rows.
const panel = () => document.getElementById('panel')
const rowLinks = () => [...document.querySelectorAll('[data-list] a[data-panel]')]

const DOUBLE = 250 // a second click within this edits the cell instead

let shown = ''
let arriving = 0 // a step over the end of the page, until its neighbour is here
let waiting = 0

const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey

const mark = (link) => {
  for (const row of document.querySelectorAll('tr[data-open]')) row.removeAttribute('data-open')
  if (link) shown = link.pathname
  link?.closest('tr')?.setAttribute('data-open', '')
}

/** Show the record behind a row's link; where there is no room for a panel, open its page. */
kebu.show = (link) => {
  if (!panel() || innerWidth < 1024) { location.assign(link.href); return }
  mark(link)
  link.closest('tr')?.scrollIntoView({ block: 'nearest' })
  htmx.ajax('GET', link.href, { source: link, target: '#panel', swap: 'innerHTML' })
}

kebu.closePanel = () => {
  const place = panel()
  if (!place || place.hidden) return false
  place.hidden = true
  place.replaceChildren()
  place.closest('[data-list]')?.removeAttribute('data-panel')
  document.querySelector('tr[data-open] a[data-panel]')?.focus()
  mark(null)
  shown = ''
  return true
}

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || !isPlain(event) || !(event.target instanceof Element)) return
  const row = event.target.closest('[data-list] tbody tr')
  const link = row?.querySelector('a[data-panel]')
  if (!link || getSelection()?.toString()) return
  const control = event.target.closest('a, button, input, select, textarea, label, summary, [data-edit]')
  if (control && control !== link) return
  if (control === link && innerWidth < 1024) return
  event.preventDefault()
  clearTimeout(waiting)
  if (event.detail > 1) return
  const mayEdit = control !== link && panel()?.hidden && kebu.isEditable(event.target.closest('td'))
  if (mayEdit) waiting = setTimeout(kebu.show, DOUBLE, link); else kebu.show(link)
})
document.addEventListener('dblclick', () => clearTimeout(waiting))

kebu.swapped((element) => {
  const place = panel()
  if (!place) return
  if (element === place) place.hidden = place.childElementCount === 0
  // A refreshed list keeps its panel (hx-preserve): mark its row again.
  else if (shown && element.querySelector('a[data-panel]')) mark(rowLinks().find((link) => link.pathname === shown))
  place.closest('[data-list]')?.toggleAttribute('data-panel', !place.hidden)
  if (arriving && element.querySelector('a[data-panel]')) reach(rowLinks().at(arriving > 0 ? 0 : -1))
})

const reach = (link) => {
  arriving = 0
  if (panel() && !panel().hidden) return kebu.show(link)
  mark(link)
  link.focus()
  link.closest('tr')?.scrollIntoView({ block: 'nearest' })
}

const turn = (step) => {
  const page = document.querySelector(`[data-list] .k-pager a[rel=${step > 0 ? 'next' : 'prev'}]`)
  if (!page) return kebu.toast({ text: step > 0 ? '已经是最后一个' : '已经是第一个', icon: 'info-circle' })
  arriving = step
  page.click()
}

/** Walk to the next or previous row, over the ends of pages; `step` is 1 or -1. */
kebu.step = (step) => {
  const links = rowLinks()
  const place = links.findIndex((link) => link.closest('tr')?.hasAttribute('data-open'))
  const next = links[place < 0 ? (step > 0 ? 0 : links.length - 1) : place + step]
  if (next) reach(next); else if (links.length) turn(step)
}

// What was changed in a cell is read anew in the panel.
document.addEventListener('row-changed', ({ detail }) => {
  const link = document.querySelector(`#customer-${detail.number}[data-open] a[data-panel]`)
  if (link && !panel().hidden) kebu.show(link)
})

kebu.on('click', '[data-panel-step]', (button) => kebu.step(Number(button.dataset.panelStep)))
kebu.on('click', '[data-panel-close]', () => kebu.closePanel())
document.addEventListener('panel-close', () => kebu.closePanel())

// The panel reaches from where it begins to the foot of the window, so that its buttons are always in sight.
const fit = () => {
  const list = panel()?.closest('[data-panel]')
  if (list) panel().style.setProperty('--k-panel-y', `${Math.max(0, list.getBoundingClientRect().top)}px`)
}
addEventListener('scroll', fit, { passive: true })
addEventListener('resize', fit, { passive: true })
kebu.swapped(fit)
