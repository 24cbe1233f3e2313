import type { Schedule } from '../../protocol/manifest.ts'
import { duration } from './time.tsx'

/** When a function runs by itself, as its author wrote it. */
export const scheduleText = (schedule: Schedule): string =>
  schedule.type === 'period'
    ? `every ${duration(schedule.seconds * 1_000)}`
    : `${schedule.expression} ${schedule.timezone}`
