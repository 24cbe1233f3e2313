/**
 * What the console is sent with, on every platform. It loads its own files, speaks to its own origin, and is shown in no
 * frame; nothing that an author, a log or an error says can become a script.
 */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const CONSOLE_HEADERS = {
  'content-security-policy': CONSOLE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const

/** Names of these files change with their contents, so they may be kept for good. */
export const CONSOLE_ASSETS = '/assets/'
export const ASSETS_KEPT = 'public, max-age=31536000, immutable'
/** The page itself names them, so it is asked for each time. */
export const PAGE_KEPT = 'no-cache'
