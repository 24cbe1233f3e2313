const PAGE = '/sign-in'

/** What the link of `sluice dashboard` holds. */
export interface SignInLink {
  code: string
}

/**
 * Takes the code of a link out of the address, where its page stands from then on: before anything is shown, so that neither
 * a bookmark nor somebody who looks on gets it.
 */
export function takeLink(): SignInLink | undefined {
  if (location.pathname !== PAGE) return undefined
  const words = new URLSearchParams(location.hash.slice(1))
  const code = words.get('code')
  if (!code) return undefined
  history.replaceState(null, '', ownPath(words.get('to') ?? '/'))
  return { code }
}

/** A link may come from anybody, and lead to a page of the console alone. */
function ownPath(to: string): string {
  const url = URL.canParse(to, location.origin) ? new URL(to, location.origin) : undefined
  // A path of two slashes would name another host, once it stands alone.
  if (url?.origin !== location.origin || url.pathname.startsWith('//')) return '/'
  return url.pathname + url.search + url.hash
}
