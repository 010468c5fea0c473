// What the other files share: one delegated listener per event, who is typing, messages from the server.
const IME_KEY = 229

kebu.meta = document.querySelector('meta[name="kebu"]')?.dataset ?? {}
kebu.user = () => document.body.dataset.user ?? ''

/** Call `handle(element, event)` when `type` happens on or inside an element matching `selector`. */
kebu.on = (type, selector, handle) => {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element && event.target.closest(selector)
    if (element) handle(element, event)
  })
}

/** True while an input method composes: such a key or input belongs to it, not to us. */
kebu.composing = (event) => event.isComposing === true || event.keyCode === IME_KEY || kebu.isComposing === true

/** True when a single letter would be typed into something. */
kebu.isTyping = (target) => target instanceof Element && target.closest('input:not([type=checkbox],[type=radio],[type=button]), textarea, select, [contenteditable]') !== null

kebu.isPhone = () => matchMedia('(max-width: 767.98px)').matches

kebu.icon = (name) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'k-ico')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `${kebu.meta.sprite}#${name}`)
  svg.append(use)
  return svg
}

/** Make an element with attributes and children; text is always text. */
kebu.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Call `handle(element, detail)` for every element htmx has put content into or put in place. */
kebu.swapped = (handle) => document.addEventListener('htmx:afterSwap', ({ target, detail }) => { if (target instanceof Element) handle(target, detail) })

kebu.visible = (element) => element !== null && element.getClientRects().length > 0

/** Browser storage may be full or forbidden; nothing here depends on it. */
kebu.store = {
  get(key) { try { return localStorage.getItem(key) } catch { return null } },
  set(key, value) { try { localStorage.setItem(key, value) } catch { /* private mode or full */ } },
  drop(key) { try { localStorage.removeItem(key) } catch { /* nothing to drop */ } },
  keys() { try { return Object.keys(localStorage) } catch { return [] } },
}
