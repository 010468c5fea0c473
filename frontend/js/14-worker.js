// The service worker keeps the look and the offline page, so that the phone can install the app.
if ('serviceWorker' in navigator && isSecureContext && kebu.meta.worker && kebu.user()) {
  addEventListener('load', () => navigator.serviceWorker.register(kebu.meta.worker, { scope: '/' }).catch(() => {}))
}
addEventListener('offline', () => kebu.toast({ text: '网络断了，内容还在，连上后再保存', icon: 'wifi-off' }))
