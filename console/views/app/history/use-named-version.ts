import { useEffect, useState } from 'preact/hooks'

/** What wouter dispatches where a link changes the address without a load, and what browsers do. */
const CHANGES = ['hashchange', 'popstate', 'pushState', 'replaceState']

/** The version that the address names, as `#v3` does. */
export function useNamedVersion(): number | undefined {
  const [named, setNamed] = useState(namedVersion)
  useEffect(() => {
    const look = () => setNamed(namedVersion())
    for (const change of CHANGES) addEventListener(change, look)
    return () => {
      for (const change of CHANGES) removeEventListener(change, look)
    }
  }, [])
  return named
}

function namedVersion(): number | undefined {
  const number = /^#v(\d{1,9})$/.exec(location.hash)?.[1]
  return number === undefined ? undefined : Number(number)
}
