// Choosing tags: boxes by group are searched by characters and pinyin, a group that excludes keeps one, and a word
// that is no tag yet can be added where that is allowed.
const boxesIn = (root) => [...root.querySelectorAll('input[type=checkbox]')]
const labelOf = (box) => box.closest('label').querySelector('.k-tag').textContent
const say = (picker, text) => { picker.querySelector('[data-tag-told]').textContent = text }

const hits = (picker, text) => boxesIn(picker).filter((box) => {
  const label = box.closest('label')
  const item = { words: kebu.wordsOf(labelOf(box), label.dataset.words) }
  return !text || kebu.findIn([item], text).length > 0
})

const narrow = (find) => {
  const picker = find.closest('[data-tag-picker]')
  const text = kebu.plain(find.value)
  const found = new Set(hits(picker, text))
  for (const box of boxesIn(picker)) box.closest('label').hidden = !found.has(box)
  for (const group of picker.querySelectorAll('fieldset')) group.hidden = !boxesIn(group).some((box) => found.has(box))
  const isThere = boxesIn(picker).some((box) => kebu.plain(labelOf(box)) === text)
  const button = picker.querySelector('[data-tag-add]')
  if (button) {
    button.hidden = !text || isThere
    button.querySelector('b').textContent = find.value.trim()
  }
  say(picker, found.size || button ? '' : '没有符合的标签，换个字或拼音首字母')
}

/** One tag of an exclusive group takes the place of the other, and says so. */
const settle = (box) => {
  const group = box.closest('fieldset[data-exclusive]')
  const picker = box.closest('[data-tag-picker]')
  say(picker, '')
  if (!group || !box.checked) return
  const dropped = boxesIn(group).filter((other) => other !== box && other.checked)
  for (const other of dropped) other.checked = false
  if (dropped.length) say(picker, `已换掉“${dropped.map(labelOf).join('、')}”，这一组只能有一个`)
}

const tick = (box) => {
  box.checked = !box.checked
  box.dispatchEvent(new Event('change', { bubbles: true }))
}

const add = async (button) => {
  const picker = button.closest('[data-tag-picker]')
  const find = picker.querySelector('[data-tag-find]')
  const { url, group } = button.dataset
  const values = { name: find.value.trim(), group, field: picker.dataset.tagPicker }
  const place = picker.querySelector(`fieldset[data-group="${group}"]`)
  await htmx.ajax('POST', url, { source: button, target: place, swap: 'beforeend', values })
  find.value = ''
  narrow(find)
  find.focus()
}

const dress = (root) => {
  for (const find of root.querySelectorAll('[data-tag-find][hidden]')) {
    find.hidden = false
    if (find.closest('[data-edit]') || find.autofocus) find.focus()
  }
}
dress(document)
kebu.swapped((element) => { if (element.parentElement) dress(element.parentElement) })

kebu.on('input', '[data-tag-find]', narrow)
kebu.on('change', '[data-tag-picker] input[type=checkbox]', settle)
kebu.on('click', '[data-tag-add]', add)

// Enter takes the first that is found; without a word typed it is left to the form.
document.addEventListener('keydown', (event) => {
  const find = event.target instanceof Element && event.target.matches('[data-tag-find]') ? event.target : null
  if (!find || kebu.composing(event) || event.key !== 'Enter' || !find.value.trim()) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const picker = find.closest('[data-tag-picker]')
  const [first] = hits(picker, kebu.plain(find.value))
  const button = picker.querySelector('[data-tag-add]:not([hidden])')
  if (first) { tick(first); find.value = ''; narrow(find) } else if (button) add(button)
}, true)
