import type { AppKey } from '../../../../protocol/names.ts'
import { expiryAfter, numberPlace, partitionOf, timePlace } from './places.ts'

/** Which lists a container is on: the attributes that the indexes of containers are made of, see tables.ts. */

/** The one partition of those that are not stopped. */
export const PRESENT = 'present'
/** Sorts before every app, so that what has stopped is told from what has not where both are listed. */
export const STOPPED = '#'

export const placeIn = (key: AppKey): string => `${partitionOf(key)}#`

export const failureList = (key: AppKey, version: number): string =>
  `${partitionOf(key)}#${numberPlace(version)}`

export const stopPlace = (id: string, at: number): string => `${STOPPED}${timePlace(at)}#${id}`

interface Named extends AppKey {
  id: string
  version: number
}

export function whilePresent(container: Named) {
  return {
    presence: PRESENT,
    place: `${placeIn(container)}${container.id}`,
    ofVersion: failureList(container, container.version),
  }
}

export function onceStopped(container: Named, at: number) {
  return {
    stoppedIn: partitionOf(container),
    place: stopPlace(container.id, at),
    expiresAt: expiryAfter(at),
  }
}
