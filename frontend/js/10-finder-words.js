// What a typed text finds in a list: characters, pinyin and initials, mixed as people type them (通用, tysb, tongysb).
const EXACT = 0, BEGINS = 1, HOLDS = 2, SOUNDS = 4

/** Typed text without what does not tell names apart: case, width, spaces, the apostrophes of an input method. */
kebu.plain = (text) => text.normalize('NFKC').toLowerCase().replace(/[\s'’-]+/g, '')

/** True when `text` is made of beginnings of the syllables from `place` on, none left out between. */
const isSaid = (text, syllables, place) => {
  if (!text) return true
  const syllable = syllables[place] ?? ''
  let same = 0
  while (same < text.length && same < syllable.length && text[same] === syllable[same]) same += 1
  for (; same; same -= 1) if (isSaid(text.slice(same), syllables, place + 1)) return true
  return false
}

/** How well the text fits one word and its syllables, smaller is better; -1 when it does not. */
const fit = (text, word, syllables) => {
  if (word === text) return EXACT
  if (word.startsWith(text)) return BEGINS
  if (word.includes(text)) return HOLDS
  const place = syllables.findIndex((_syllable, number) => isSaid(text, syllables, number))
  return place < 0 ? -1 : SOUNDS + Math.min(place, 1)
}

/** Read `data-words`: the syllables of the name, then other words with theirs. */
kebu.wordsOf = (label, words = '') => {
  const [own, ...others] = words.split('|')
  const rest = others.map((part) => { const [word, ...said] = part.split(' '); return { word: kebu.plain(word), said, hint: word } })
  return [{ word: kebu.plain(label), said: own ? own.split(' ') : [], hint: '' }, ...rest]
}

/** The items a plain text finds, the best first; each with the word it was found by when that is not its name. */
kebu.findIn = (items, text) => {
  const hits = []
  items.forEach((item, order) => {
    let best = null
    item.words.forEach(({ word, said, hint }) => {
      const rank = fit(text, word, said)
      const total = rank < 0 ? -1 : rank * 2 + (hint ? 1 : 0)
      if (total >= 0 && (!best || total < best.rank)) best = { item, hint, rank: total, order }
    })
    if (best) hits.push(best)
  })
  return hits.sort((one, other) => one.rank - other.rank || one.order - other.order)
}
