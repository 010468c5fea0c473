// Builds dist/ from css/, js/, static/, icons.json and node_modules. No bundler: styles are concatenated and
// compressed by sass, our scripts run in file order inside one function, vendors are copied as they are.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const dist = join(here, process.argv[2] ?? 'dist')
const sass = createRequire(import.meta.url)('sass')
const read = (...parts) => readFileSync(join(here, ...parts), 'utf8')
const filesIn = (folder, end) => readdirSync(join(here, folder)).filter((name) => name.endsWith(end)).sort()

// Tabler's parts that we use. Forwarding its `extends` or `utilities/api` would pull the whole framework back in.
const PARTS = `config bootstrap/root bootstrap/reboot bootstrap/type bootstrap/forms bootstrap/buttons
  bootstrap/dropdown bootstrap/spinners layout/root layout/core layout/accessibility ui/buttons
  ui/dropdowns ui/forms ui/forms/form-check ui/forms/validation`.split(/\s+/)

const tabler = () => {
  const source = PARTS.map((part) => `@forward '${part}';`).join('\n')
  const options = { style: 'compressed', loadPaths: [join(modules, '@tabler/core/scss')], logger: sass.Logger.silent }
  return sass.compileString(source, options).css
}

const styles = () => {
  const own = filesIn('css', '.css').map((name) => read('css', name)).join('\n')
  return tabler() + sass.compileString(own, { syntax: 'css', style: 'compressed' }).css
}

const lean = (text) => text.replace(/^\s*(\/\/|\/\*\*).*$/gm, '').replace(/^\s+/gm, '')

const scripts = () => {
  const bodies = filesIn('js', '.js').map((name) => `{\n${lean(read('js', name))}}\n`)
  return `(() => {\n'use strict'\nconst kebu = {}\n${bodies.join('')}})()\n`
}

const symbol = (name) => {
  const svg = readFileSync(join(modules, `@tabler/icons/icons/outline/${name}.svg`), 'utf8')
  const inner = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s+/g, ' ').trim()
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replaceAll('> <', '><').replaceAll(' />', '/>')}</symbol>`
}

const sprite = () => {
  const names = JSON.parse(read('icons.json'))
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join('')}</svg>`
}

const vendor = (...parts) => readFileSync(join(modules, ...parts), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')

const OUTPUT = {
  'kebu.css': styles,
  'kebu.js': scripts,
  'icons.svg': sprite,
  'htmx.js': () => vendor('htmx.org/dist/htmx.min.js'),
  'alpine.js': () => vendor('@alpinejs/csp/dist/cdn.min.js'),
  'sortable.js': () => vendor('sortablejs/Sortable.min.js'),
  'tom-select.js': () => vendor('tom-select/dist/js/tom-select.base.min.js'),
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
cpSync(join(here, 'static'), dist, { recursive: true })
for (const page of existsSync(join(here, 'css/pages')) ? filesIn('css/pages', '.css') : []) OUTPUT[page] = () => sass.compileString(read('css/pages', page), { syntax: 'css', style: 'compressed' }).css
for (const page of existsSync(join(here, 'js/pages')) ? filesIn('js/pages', '.js') : []) OUTPUT[page] = () => `(() => {\n'use strict'\n${lean(read('js/pages', page))}})()\n`
for (const [name, make] of Object.entries(OUTPUT)) {
  const text = make()
  writeFileSync(join(dist, name), text)
  console.log(`${name} ${(text.length / 1024).toFixed(1)} KB, ${(gzipSync(text, { level: 9 }).length / 1024).toFixed(1)} KB gz`)
}
