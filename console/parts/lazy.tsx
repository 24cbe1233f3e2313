import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isConnectionLost, onConnection } from '../api/connection.ts'
import { Problem } from './problem.tsx'
import { Waiting } from './waiting.tsx'

/** A view whose code is fetched when it is first shown. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let Loaded: ComponentType<Props> | undefined
  return function Lazy(props: Props) {
    const [, setLoaded] = useState(Loaded !== undefined)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (Loaded) return
      load().then(
        (component) => {
          Loaded = component
          setLoaded(true)
        },
        () => setFailed(true),
      )
    }, [])
    if (Loaded) return <Loaded {...props} />
    if (failed) return <NotLoaded />
    return <Waiting />
  }
}

/** Loaded anew once the control plane is back: a browser may remember that a script could not be fetched. */
function NotLoaded() {
  const [isLost, setLost] = useState(isConnectionLost)
  useEffect(
    () =>
      onConnection(() => {
        if (isConnectionLost()) setLost(true)
        else location.reload()
      }),
    [],
  )
  const message = isLost
    ? 'This page is loaded once the control plane answers again.'
    : 'This page could not be loaded: Sluice may have been updated. Load it again.'
  return <Problem message={message} />
}
