import type { Colour } from './series.ts'

/** A canvas knows nothing of custom properties, so it is told what they come to. */
export interface Inks {
  of: (colour: Colour) => string
  text: string
  line: string
  ground: string
}

/** As the page is shown now, light or dark. */
export function inksAt(host: HTMLElement): Inks {
  return {
    of: (colour) => colourOf(host, `series series-${colour}`),
    text: colourOf(host, 'chart-text'),
    line: colourOf(host, 'chart-line'),
    ground: colourOf(host, 'chart-ground'),
  }
}

export const tinted = (colour: string): string => `color-mix(in srgb, ${colour} 16%, transparent)`

/** Told when the page turns light or dark. */
export function onTheme(listener: () => void): () => void {
  const theme = matchMedia('(prefers-color-scheme: dark)')
  theme.addEventListener('change', listener)
  return () => theme.removeEventListener('change', listener)
}

function colourOf(host: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.className = name
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
