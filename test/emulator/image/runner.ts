import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeImageContext } from '../../../runner/bundle.ts'
import { IMAGE } from '../lifecycle/podman.ts'

export const RUNNER_IMAGE = 'localhost/sluice-runner'

/** Builds the runner's image by its own Dockerfile, without a registry, for the emulator that the environment names. */
export function buildRunnerImage(): string {
  const context = mkdtempSync(join(tmpdir(), 'sluice-image-'))
  try {
    writeImageContext(context)
    const build = ['build', '--quiet', '--build-arg', `NODE=${IMAGE}`, '--tag', RUNNER_IMAGE, context]
    execFileSync('podman', build, { stdio: ['ignore', 'ignore', 'inherit'] })
    return RUNNER_IMAGE
  } finally {
    rmSync(context, { recursive: true })
  }
}
