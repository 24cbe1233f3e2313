const TYPING_PAUSE_MS = 200

const form = document.querySelector('#search')
const input = document.querySelector('#query')
const status = document.querySelector('#status')
const results = document.querySelector('#results')
const template = document.querySelector('#hit')

let pause
let asked = new AbortController()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  show(input.value)
})
input.addEventListener('input', () => {
  clearTimeout(pause)
  pause = setTimeout(() => show(input.value), TYPING_PAUSE_MS)
})
addEventListener('popstate', showAddress)
showAddress()

function showAddress() {
  input.value = new URLSearchParams(location.search).get('q') ?? ''
  show(input.value)
}

/** Shows what a query finds, or every episode where there is none; only the last one asked for counts. */
async function show(text) {
  clearTimeout(pause)
  asked.abort()
  asked = new AbortController()
  const query = text.trim()
  history.replaceState(null, '', query ? `/?q=${encodeURIComponent(query)}` : '/')
  try {
    if (query) await showHits(query, asked.signal)
    else await showEpisodes(asked.signal)
  } catch (error) {
    if (error.name !== 'AbortError') status.textContent = error.message
  }
}

async function showHits(query, signal) {
  const { hits, ...imprint } = await getJson(`/api/search?q=${encodeURIComponent(query)}`, signal)
  showImprint(imprint)
  status.textContent = `${count(hits.length, 'episode')} with “${query}”.`
  results.replaceChildren(...hits.map((hit) => card(hit, highlighted(hit.snippet))))
}

async function showEpisodes(signal) {
  const { episodes, ...imprint } = await getJson('/api/episodes', signal)
  showImprint(imprint)
  status.textContent = `${count(episodes.length, 'episode')} to search in.`
  results.replaceChildren(...episodes.map((episode) => card(episode, [])))
}

function showImprint({ version, edition }) {
  document.querySelector('#version').textContent = version
  document.querySelector('#edition').textContent = edition
}

function card({ slug, title, speaker, year }, snippet) {
  const item = template.content.cloneNode(true)
  const link = item.querySelector('a')
  link.textContent = title
  link.href = `/transcripts/${slug}.txt`
  item.querySelector('.byline').textContent = `${speaker}, ${year}`
  item.querySelector('.snippet').append(...snippet)
  return item
}

/** The snippet's text with its marks as elements: never as markup, since a transcript may hold any character. */
function highlighted({ text, marks, cut }) {
  const nodes = marks.flatMap(([start, end], i) => {
    const mark = document.createElement('mark')
    mark.textContent = text.slice(start, end)
    return [text.slice(i === 0 ? 0 : marks[i - 1][1], start), mark]
  })
  return [cut.before ? '… ' : '', ...nodes, text.slice(marks.at(-1)?.[1] ?? 0), cut.after ? ' …' : '']
}

async function getJson(url, signal) {
  const response = await fetch(url, { signal })
  const body = await response.json()
  if (!response.ok) throw new Error(body.error ?? `The server answered ${response.status}.`)
  return body
}

function count(number, noun) {
  return `${number === 0 ? 'No' : number} ${noun}${number === 1 ? '' : 's'}`
}
