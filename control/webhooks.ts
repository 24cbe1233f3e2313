import type { Delivered } from './ports.ts'

/** What a webhook's answer means; its own words stay where they are. */
export function answered(status: number): Delivered {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const redirects = status >= 300 && status < 400
  const why = redirects ? `it answered ${status}, and redirects are not followed` : `it answered ${status}`
  return { kind: 'failed', reason: why }
}

/** Why a webhook cannot be at this URL, on any platform. */
export function faultOfUrl(text: string, plainHosts: (host: string) => boolean): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return 'must be a URL, such as https://hooks.slack.com/services/…'
  if (url.username !== '' || url.password !== '') return 'must not hold a user’s name or password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:' && plainHosts(url.hostname)) return undefined
  return 'must begin with https://'
}
