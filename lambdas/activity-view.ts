import type { Activity } from '../control/activity.ts'
import type { Paged } from '../control/paging.ts'
import type { ActivityView, AppActivity } from '../protocol/activity.ts'
import { pageView } from './views.ts'

export function activityView(env: string, activity: Paged<Activity> & { since: number }): ActivityView {
  return {
    env,
    since: time(activity.since),
    step: '5m',
    ...pageView(activity, activity.items.map(appActivity)),
  }
}

function appActivity({ live, next, ...activity }: Activity): AppActivity {
  return {
    ...activity,
    deployedBy: live?.deployedBy,
    deployedAt: live && time(live.deployedAt),
    next: next && { function: next.function, at: time(next.at), paused: next.isPaused },
  }
}

const time = (ms: number): string => new Date(ms).toISOString()
