/** A line chart as an SVG that follows the reader's colour scheme. */

const WIDTH = 760
const HEIGHT = 260
const MARGIN = { top: 34, right: 16, bottom: 40, left: 56 }
const TICKS = 5
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #55626b }
  .title { font-weight: 600; fill: #1a2126 }
  .grid { stroke: #dde2e6 }
  .line { fill: none; stroke-width: 1.75; stroke-linejoin: round }
  .mark { stroke: #7d8890; stroke-dasharray: 3 3 }
  .a { stroke: #0b6480; fill: #0b6480 } .b { stroke: #c2570c; fill: #c2570c } .c { stroke: #6b3fb3; fill: #6b3fb3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9aa7b0 } .title { fill: #e6eaed } .grid { stroke: #2a3238 } .mark { stroke: #6d7a84 }
    .a { stroke: #5cc4e0; fill: #5cc4e0 } .b { stroke: #f0a35c; fill: #f0a35c } .c { stroke: #bda0f0; fill: #bda0f0 }
  }`
const COLOURS = ['a', 'b', 'c'] as const

export type Point = readonly [x: number, y: number]

export interface Series {
  name: string
  points: readonly Point[]
}

export interface Chart {
  title: string
  /** At most three. */
  series: readonly Series[]
  x: {
    label: string
    ticks?: readonly number[]
    format?: (x: number) => string
    /** `log`: as far from one to ten as from ten to a hundred. */
    scale?: 'log'
  }
  y: { format?: (y: number) => string }
  /** Moments that something is to be said of. */
  marks?: readonly { x: number; says: string }[]
}

export function lineChart({ title, series, x, y, marks = [] }: Chart): string {
  const all = series.flatMap(({ points }) => points)
  const xs = all.map(([at]) => at)
  const across: Axis = {
    from: Math.min(...xs),
    to: Math.max(...xs),
    start: MARGIN.left,
    end: WIDTH - MARGIN.right,
    ...(x.scale && { scale: x.scale }),
  }
  const top = niceAbove(all.reduce((most, [, value]) => Math.max(most, value), 0))
  const up = { from: 0, to: top, start: HEIGHT - MARGIN.bottom, end: MARGIN.top }
  const xTicks = x.ticks ?? steps(across.from, across.to)
  const body = [
    `<text class="title" x="${MARGIN.left}" y="18">${escaped(title)}</text>`,
    ...legend(series),
    ...steps(0, top).map((value) => gridLine(place(up, value), (y.format ?? String)(value))),
    ...xTicks.map((value) => tick(place(across, value), (x.format ?? String)(value))),
    `<text x="${(across.start + across.end) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(x.label)}</text>`,
    ...marks.map((mark) => markLine(place(across, mark.x), mark.says)),
    ...series.map(({ points }, i) => {
      const path = points.map(
        ([at, value]) => `${place(across, at).toFixed(1)},${place(up, value).toFixed(1)}`,
      )
      return `<polyline class="line ${COLOURS[i]}" style="fill: none" points="${path.join(' ')}"/>`
    }),
  ]
  const label = `${title}: ${series.map(({ name }) => name).join(', ')}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(label)}">
<style>${STYLE}</style>
${body.join('\n')}
</svg>
`
}

interface Axis {
  from: number
  to: number
  start: number
  end: number
  scale?: 'log'
}

function place({ from, to, start, end, scale }: Axis, value: number): number {
  const at = scale === 'log' ? Math.log10 : Number
  return start + ((at(value) - at(from)) / (at(to) - at(from) || 1)) * (end - start)
}

/** The next of 1, 2, 2.5, 5 and 10 times a power of ten. */
function niceAbove(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= value) ?? 10) * power
}

const steps = (from: number, to: number): number[] =>
  Array.from({ length: TICKS + 1 }, (_, i) => from + ((to - from) * i) / TICKS)

function legend(series: readonly Series[]): string[] {
  let x = WIDTH - MARGIN.right
  return series.toReversed().map(({ name }, i) => {
    x -= name.length * 6.6 + 24
    const colour = COLOURS[series.length - 1 - i]
    return `<rect class="${colour}" x="${x}" y="11" width="12" height="3"/><text x="${x + 16}" y="18">${escaped(name)}</text>`
  })
}

const gridLine = (y: number, says: string): string =>
  `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}"/><text x="${MARGIN.left - 8}" y="${y + 4}" text-anchor="end">${escaped(says)}</text>`

const tick = (x: number, says: string): string =>
  `<text x="${x}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${escaped(says)}</text>`

const markLine = (x: number, says: string): string =>
  `<line class="mark" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/><text x="${x + 5}" y="${MARGIN.top + 10}">${escaped(says)}</text>`

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
