// Keeps the look and the offline page; never a page with data.
const CACHE = 'kebu-{% asset "kebu.css" %}-{% asset "kebu.js" %}'
const OFFLINE = '{% url "ui:offline" %}'
const SHELL = [OFFLINE, '{% asset "kebu.css" %}', '{% asset "kebu.js" %}', '{% asset "icons.svg" %}', '{% asset "mark.svg" %}']

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('kebu-') && name !== CACHE)
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()))
})

// A message of the browser leads to its record, in a tab that is open already if there is one.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const url = new URL(event.notification.data?.url || '/', self.location.origin).href
  if (!url.startsWith(self.location.origin)) return
  const open = (tabs) => tabs.length ? tabs[0].focus().then((tab) => tab.navigate(url)) : self.clients.openWindow(url)
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(open))
})

self.addEventListener('fetch', (event) => {
  const request = event.request
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)))
    return
  }
  const path = new URL(request.url).pathname
  if (SHELL.includes(path) && path !== OFFLINE) event.respondWith(caches.match(request).then((hit) => hit || fetch(request)))
})
