import { CALL_MUTATIONS } from './calls.ts'
import { CONTAINER_MUTATIONS } from './containers.ts'
import type { Mutation } from './mutation.ts'
import { STAGED_MUTATIONS } from './staged.ts'
import { STOP_MUTATIONS } from './stops.ts'
import { VERSION_MUTATIONS } from './versions.ts'

export const MUTATIONS: readonly Mutation[] = [
  ...CALL_MUTATIONS,
  ...VERSION_MUTATIONS,
  ...STAGED_MUTATIONS,
  ...CONTAINER_MUTATIONS,
  ...STOP_MUTATIONS,
]
