// The open tab is in sight, however many stand before it.
const show = () => {
  for (const tab of document.querySelectorAll('.k-tabs > [aria-current]')) {
    const bar = tab.parentElement
    const end = tab.offsetLeft - bar.offsetLeft + tab.offsetWidth
    if (end > bar.scrollLeft + bar.clientWidth) bar.scrollLeft = end - bar.clientWidth + 24
  }
}
show()
kebu.swapped(show)
