import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../../..')
/** All that the emulator keeps on disk; Git ignores it. */
export const FOLDER = join(ROOT, '.emulator')
export const EMULATOR = join(ROOT, 'test', 'emulator')

const clone = createHash('sha256').update(ROOT).digest('hex').slice(0, 8)
/** What must not outlive a reboot, and a path that is short enough for a socket wherever the clone lies. */
export const RUN_FOLDER = `/run/sluice-emulator-${clone}`
export const PODMAN_SOCKET = `unix://${RUN_FOLDER}/podman.sock`
/** Outside of the clone: a Lambda function's .js files would be taken for modules below its package.json. */
export const TEMPORARY_FOLDER = join(tmpdir(), `sluice-emulator-${clone}`)
