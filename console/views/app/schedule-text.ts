import type { Schedule } from '../../../protocol/manifest.ts'
import { duration } from '../../parts/time.tsx'

export const scheduleText = (schedule: Schedule): string =>
  schedule.type === 'period'
    ? `every ${duration(schedule.seconds * 1000)}`
    : `${schedule.expression} ${schedule.timezone}`
