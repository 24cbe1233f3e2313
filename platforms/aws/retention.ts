import { DEFAULT_RETENTION, type Retention } from '../../protocol/retention.ts'
import type { Settings } from './settings.ts'

/** What the operator has chosen to keep. */
export function makeRetention(settings: Settings): Retention {
  const chosen = settings.optional('retention')
  return chosen === undefined ? DEFAULT_RETENTION : { ...DEFAULT_RETENTION, ...JSON.parse(chosen) }
}
