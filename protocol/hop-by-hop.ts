/** Headers that belong to one connection only and are left behind where a request or an answer is passed on. */

/** RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

/**
 * @param name in lower case
 * @param named those that `Connection` declares, see `namedBy`
 */
export function crosses(name: string, named: ReadonlySet<string> | undefined): boolean {
  return !HOP_BY_HOP.has(name) && !named?.has(name) && !isForProxies(name)
}

/** `Proxy` itself is no real header: programs that see it as HTTP_PROXY would send their own traffic there. */
function isForProxies(name: string): boolean {
  return name.startsWith('proxy-') || name === 'proxy'
}

/** Headers that `Connection` declares to be hop-by-hop; undefined for the two values that nearly every request has. */
export function namedBy(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()))
}
