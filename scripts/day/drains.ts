import { World } from './world.ts'

const WARM_UP_S = 3_600
const SHOWN_S = 3_600
const EVERY_S = 30
/** So many containers at work, whatever their calls take. */
const AT_WORK = 40
const MEAN_TO_MEDIAN = 1.46

export interface Drain {
  name: string
  medianS: number
}

export const DRAINS: readonly Drain[] = [
  { name: 'calls of 2 s', medianS: 2 },
  { name: 'calls of 1 min', medianS: 60 },
  { name: 'calls of 15 min', medianS: 900 },
]

/** Minutes since a deploy, and how many of the containers before it are still there. */
export function drain({ medianS }: Drain): [minutes: number, containers: number][] {
  const rate = AT_WORK / (medianS * MEAN_TO_MEDIAN)
  const deployedAt = WARM_UP_S * (medianS > 60 ? 3 : 1)
  const { moments } = new World({
    traffic: { least: rate, most: rate, medianS },
    spec: { kind: 'plain', maxContainers: 400, minContainers: AT_WORK, timeout: 14_400 },
    deploysAt: [deployedAt],
    seed: 1,
    seconds: deployedAt + SHOWN_S,
  }).run()
  return moments
    .filter(({ second }) => second >= deployedAt && second % EVERY_S === 0)
    .map(({ second, draining }) => [(second - deployedAt) / 60, draining])
}
