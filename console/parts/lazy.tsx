import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
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
    if (failed)
      return <Problem message="This page could not be loaded: Sluice may have been updated. Load it again." />
    return <Waiting />
  }
}
