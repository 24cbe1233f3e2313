import { useState } from 'preact/hooks'
import { count } from '../../parts/count.ts'
import { Fact } from '../../parts/fact.tsx'
import { useMay } from '../../shell/use-may.ts'
import { AutoscalerDialog } from './autoscaler-dialog.tsx'
import { type FunctionOfApp, SCALING } from './settings.ts'

interface ScalingProps {
  env: string
  app: string
  one: FunctionOfApp
}

/** How many containers a function gets, and what of that was set by hand. */
export function Scaling({ env, app, one }: ScalingProps) {
  const [changes, setChanges] = useState(false)
  const mayDeploy = useMay('deploy')
  const { spec, overrides = {} } = one
  return (
    <section class="card" aria-labelledby="scaling">
      <header class="block-header">
        <h2 id="scaling">Scaling</h2>
        {mayDeploy && (
          <button type="button" onClick={() => setChanges(true)}>
            Change scaling
          </button>
        )}
      </header>
      <dl class="settings">
        {SCALING.map(({ field, label, unit }) => (
          <Fact key={field} name={label}>
            {count(spec[field], unit)}
            {overrides[field] !== undefined && <span class="hint"> set by hand</span>}
          </Fact>
        ))}
        {spec.kind !== 'web' && (
          <Fact name="Calls now">
            {one.running ?? 0} running, {one.pending ?? 0} pending
          </Fact>
        )}
      </dl>
      {changes && <AutoscalerDialog env={env} app={app} one={one} onClose={() => setChanges(false)} />}
    </section>
  )
}
