"""How big the places are that a thumb has to meet: 44 by 44 px, as the browser's own hit test sees them.

Only links inside a sentence may be smaller: their height is that of the line.
"""

from playwright.sync_api import Page

TOUCH = 44
SMALL = """
(touch) => {
  const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
  const wanted = 'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button]'
  const enough = (box) => box.width >= touch - .5 && box.height >= touch - .5
  const isInSentence = (one) => one.matches('a, button.k-link') && getComputedStyle(one).display === 'inline'
    && [...one.parentElement.childNodes]
      .some((node) => node.nodeType === 3 && /[\\p{L}\\p{N}]/u.test(node.data))
  const isSeen = (one) => {
    const box = one.getBoundingClientRect()
    const clip = getComputedStyle(one).clipPath
    return one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.right > 0
      && box.bottom + scrollY > 0 && clip === 'none'
  }
  // A label acts for its control, and a row of a list for the link that opens it.
  const rows = (one) => (one.matches('a[data-panel]') ? [one.closest('tr')] : [])
  const areas = (one) => [one, ...(one.labels ?? []), ...rows(one)].filter(Boolean)
  const actors = 'a[href], button, summary, select, textarea, input, label'
  const reach = (own, x, y, dx, dy) => {
    let steps = 0
    while (steps < touch) {
      const hit = document.elementFromPoint(x + dx * (steps + 1), y + dy * (steps + 1))
      const acts = hit?.closest(actors) ?? hit
      const isOwn = (area) => area === acts || (area.contains(hit) && !acts.matches('a, button'))
      if (!hit || !own.some(isOwn)) break
      steps += 1
    }
    return steps
  }
  const size = (one) => {
    one.scrollIntoView({ block: 'center', inline: 'nearest' })
    const own = areas(one)
    const { left, top, width, height } = one.getBoundingClientRect()
    const [x, y] = [left + width / 2, top + height / 2]
    const hit = document.elementFromPoint(x, y)
    if (!own.some((area) => area.contains(hit))) return null // clipped away: for screen readers only
    return {
      width: Math.max(width, reach(own, x, y, -1, 0) + reach(own, x, y, 1, 0) + 1),
      height: Math.max(height, reach(own, x, y, 0, -1) + reach(own, x, y, 0, 1) + 1),
    }
  }
  const found = []
  for (const one of root.querySelectorAll(wanted)) {
    if (!isSeen(one) || one.disabled || isInSentence(one)) continue
    if (areas(one).some((area) => enough(area.getBoundingClientRect()))) continue
    const box = size(one)
    if (!box || enough(box)) continue
    found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 150)}`)
  }
  scrollTo(0, 0)
  return found
}
"""


def small_targets(page: Page) -> list[str]:
    """What can be tapped and is too small, each with its size and the beginning of its markup."""
    found: list[str] = page.evaluate(SMALL, TOUCH)
    return found
