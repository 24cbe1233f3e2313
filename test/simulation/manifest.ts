import { Manifest } from '../../protocol/manifest.ts'
import type { Random } from './random.ts'
import { SECRET } from './secrets.ts'

export const KEY = { env: 'main', app: 'shop' }

/** Shorter than authors may have it, so that much comes in a short time. */
const PERIOD_SECONDS = 7

/** An app of functions of every kind; some versions cannot start, and some do badly. */
export function anyManifest(random: Random): Manifest {
  const broken = random.chance(0.15)
  const bad = random.chance(0.3)
  // None of its functions can start.
  const whole = broken ? { BROKEN: '1' } : {}
  const scale = (max: number) => ({
    ...(random.chance(0.5) && { minContainers: random.between(0, Math.min(2, max)) }),
    maxContainers: max,
    env: { ...whole, ...(bad && { BAD: '1' }) },
  })
  const manifest = Manifest.parse({
    app: KEY.app,
    ...(random.chance(0.5) && { rollback: { window: 10, minCalls: 10 } }),
    bundle: { code: { path: 'app.mjs', sha256: anyHash(random), size: 1 } },
    functions: {
      work: {
        kind: 'plain',
        timeout: 30,
        startupTimeout: 20,
        concurrency: random.between(1, 3),
        scaledownWindow: 5,
        retries: { max: 1, initialDelay: random.between(1, 5) },
        ...scale(random.between(2, 4)),
      },
      page: {
        kind: 'web',
        secrets: random.chance(0.5) ? [SECRET.name] : [],
        timeout: 30,
        startupTimeout: 20,
        concurrency: 10,
        scaledownWindow: 5,
        ...scale(random.between(1, 3)),
      },
      ...(random.chance(0.5) && {
        nightly: {
          kind: 'scheduled',
          timeout: 30,
          startupTimeout: 20,
          schedule: { type: 'period', seconds: 86_400 },
          env: whole,
        },
      }),
      ...(random.chance(0.5) && {
        extra: { kind: 'plain', timeout: 30, startupTimeout: 20, scaledownWindow: 5, env: whole },
      }),
    },
  })
  const schedule = manifest.functions.nightly?.schedule
  if (schedule?.type === 'period') schedule.seconds = random.between(PERIOD_SECONDS, PERIOD_SECONDS + 1)
  return manifest
}

const anyHash = (random: Random): string => String(random.between(0, 2 ** 31)).padStart(64, '0')
