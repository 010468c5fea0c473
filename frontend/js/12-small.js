// Small habits: copy, theme, submit on change, unsaved-changes guard, drop zones.
kebu.on('click', '[data-copy]', async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    kebu.toast({ text: button.dataset.copied ?? `已复制 ${button.dataset.copy}`, icon: 'copy' })
  } catch {
    kebu.toast({ text: '浏览器不让复制，请长按选中后复制', icon: 'alert-circle' })
  }
})

const THEME = 'kebu_theme'
const paint = () => {
  const now = document.documentElement.dataset.bsTheme ?? 'system'
  for (const button of document.querySelectorAll('[data-theme-set]')) button.setAttribute('aria-pressed', String(button.dataset.themeSet === now))
}
kebu.on('click', '[data-theme-set]', (button) => {
  const chosen = button.dataset.themeSet
  const age = chosen === 'system' ? 0 : 31536000
  document.cookie = `${THEME}=${chosen}; path=/; max-age=${age}; samesite=lax`
  if (chosen === 'system') delete document.documentElement.dataset.bsTheme
  else document.documentElement.dataset.bsTheme = chosen
  paint()
})
paint()

kebu.on('change', '[data-submit-on="change"]', (field) => field.form?.requestSubmit())

addEventListener('beforeunload', (event) => {
  const unsaved = [...document.querySelectorAll('form[data-guard]:not([data-sent]):not([data-draft])')].some(kebu.isDirty)
  if (unsaved) event.preventDefault()
})

for (const type of ['dragover', 'dragleave', 'drop']) {
  kebu.on(type, '[data-drop]', (zone, event) => {
    event.preventDefault()
    zone.toggleAttribute('data-over', type === 'dragover')
    const field = zone.querySelector('input[type=file]')
    if (type !== 'drop' || !field || !event.dataTransfer.files.length) return
    field.files = event.dataTransfer.files
    field.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

// Once a tap has said whom a follow-up is about, the cursor goes on to its line: no tap is spent on that.
let tappedAt = 0
kebu.on('click', '#sheet .k-choice-row', (row, event) => {
  if (event.detail) tappedAt = event.timeStamp // arrow keys click as well, without a count
  if (event.target.matches('input') && event.timeStamp - tappedAt < 50) row.closest('form').querySelector('textarea')?.focus()
})
