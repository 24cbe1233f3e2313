import type { Setting } from '../../platforms/aws/settings.ts'
import type { Right } from '../rights.ts'

/** What a port needs on AWS: what its code is told and what it may do, so that neither is given without the other. */
export interface Means {
  settings?: Partial<Record<Setting, string>>
  rights?: Right[]
}

export function together(...means: Means[]): Means {
  return {
    settings: Object.assign({}, ...means.map(({ settings }) => settings)),
    rights: means.flatMap(({ rights = [] }) => rights),
  }
}
