// htmx: CSRF token, busy buttons, paused polling, and words for what went wrong.
const TWICE = 4000
const UNSAFE = /^(post|put|patch|delete)$/i

const token = () => {
  const name = `${kebu.meta.csrfCookie}=`
  const found = document.cookie.split('; ').find((part) => part.startsWith(name))
  return found ? decodeURIComponent(found.slice(name.length)) : ''
}

kebu.token = token

document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (UNSAFE.test(detail.verb)) detail.headers['X-CSRFToken'] = token()
})

const buttonOf = ({ detail }) => {
  const submitter = detail.requestConfig?.triggeringEvent?.submitter
  const element = submitter ?? detail.elt
  return element instanceof HTMLElement && element.matches('button, a.btn') ? element : null
}

document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.detail.elt.closest('[data-poll]') && document.hidden && event.detail.requestConfig.verb === 'get') return event.preventDefault()
  buttonOf(event)?.setAttribute('aria-busy', 'true')
})
document.addEventListener('htmx:afterRequest', (event) => buttonOf(event)?.removeAttribute('aria-busy'))

// A second click while the first is under way would do the thing twice.
addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[aria-busy="true"]')) { event.preventDefault(); event.stopImmediatePropagation() }
}, true)
addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post' || event.defaultPrevented) return
  if (Date.now() - Number(form.dataset.sent ?? 0) < TWICE) event.preventDefault()
  else form.dataset.sent = String(Date.now())
})
addEventListener('pageshow', () => { for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent })

const WORDS = {
  0: '没有连上，内容还在，请重试',
  401: '登录已过期，内容还在，请在新标签页登录后重试',
  403: '没有权限做这件事，需要的话找管理员开通',
  404: '这条记录不在了，或不在你能看到的范围里',
  409: '别人刚改过，刷新后再看',
  413: '文件太大，请拆成几份再传',
  429: '太快了，等一会儿再试',
}
const complain = ({ detail }) => {
  const { status = 0 } = detail.xhr ?? {}
  if (detail.xhr?.getResponseHeader('HX-Trigger')?.includes('"toast"')) return
  kebu.toast({ text: WORDS[status] ?? '服务器出了错，这次没有保存，请稍后再试', icon: status ? 'alert-circle' : 'wifi-off' })
}
for (const type of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError']) document.addEventListener(type, complain)
