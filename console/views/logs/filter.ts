import type { LogsOf } from '../../api/logs.ts'

/** What of an app's log is asked for, as the address has it. */
export type Filter = Omit<LogsOf, 'env' | 'app'>

export const FILTERS = ['function', 'version', 'source', 'container', 'call', 'search'] as const
export const SOURCES = ['stdout', 'stderr', 'system'] as const

/** What is no filter is as good as none: an address may have been written by hand. */
export function filterIn(address: URLSearchParams): Filter {
  const given = (name: (typeof FILTERS)[number]) => address.get(name) || undefined
  const version = Number(address.get('version'))
  return {
    function: given('function'),
    version: Number.isInteger(version) && version > 0 ? version : undefined,
    source: SOURCES.find((source) => source === address.get('source')),
    container: given('container'),
    call: given('call'),
    search: given('search'),
  }
}

/** The line that the address is about, and when it was written. */
export function lineIn(address: URLSearchParams): { line: string; at: string } | undefined {
  const [line, at] = [address.get('line'), address.get('at')]
  return line && at && !Number.isNaN(Date.parse(at)) ? { line, at: new Date(at).toISOString() } : undefined
}
