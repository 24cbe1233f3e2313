import type { Autoscaler } from '../../control/autoscaler.ts'
import type { Comparison, DeployPlan } from '../../control/changes.ts'
import type { Version } from '../../control/model.ts'
import { authoredOf } from '../../control/overrides.ts'
import type { VersionView } from '../../protocol/api.ts'
import type { AutoscalerView, EndedOverride } from '../../protocol/autoscaler.ts'
import type { DiffView, PlanView } from '../../protocol/changes.ts'
import type { Manifest } from '../../protocol/manifest.ts'
import type { AppKey } from '../../protocol/names.ts'
import { own } from '../../protocol/own.ts'
import { type AddressPorts, urlsOf, versionView } from '../views.ts'

export function planView(
  ports: AddressPorts,
  key: AppKey,
  manifest: Manifest,
  { live, difference, ...plan }: DeployPlan,
): PlanView {
  return {
    ...key,
    from: live?.version,
    ...plan,
    ...difference,
    urls: urlChanges(live ? urlsOf(ports, live) : {}, urlsOf(ports, { ...key, manifest })),
  }
}

/** A version that was just begun, and the overrides that end as it goes live. */
export function begunView(ports: AddressPorts, version: Version, ended: EndedOverride[]): VersionView {
  return { ...versionView(ports, version), ...(ended.length > 0 && { endedOverrides: ended }) }
}

export function diffView(ports: AddressPorts, { from, to, difference }: Comparison): DiffView {
  return {
    app: from.app,
    env: from.env,
    from: from.version,
    to: to.version,
    ...difference,
    urls: urlChanges(urlsOf(ports, from), urlsOf(ports, to)),
  }
}

export function autoscalerView({ live, spec, overrides, ...changed }: Autoscaler): AutoscalerView {
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = spec
  return {
    app: live.app,
    env: live.env,
    function: changed.function,
    version: live.version,
    minContainers,
    maxContainers,
    bufferContainers,
    scaledownWindow,
    overrides,
    authored: authoredOf(spec),
  }
}

function urlChanges(before: Record<string, string>, after: Record<string, string>): PlanView['urls'] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names
    .map((name) => ({ function: name, before: own(before, name), after: own(after, name) }))
    .filter((change) => change.before !== change.after)
}
