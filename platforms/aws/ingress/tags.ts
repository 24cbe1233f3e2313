import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { EndpointItem } from './items.ts'

/** By which people find what belongs to whom; the names of things say nothing. */
export function tagsOf({ owner, function: name, label }: EndpointItem): Tag[] {
  const [env, app] = owner.split('/')
  return [
    { Key: 'sluice:env', Value: env },
    { Key: 'sluice:app', Value: app },
    { Key: 'sluice:function', Value: name },
    { Key: 'sluice:label', Value: label },
  ]
}
