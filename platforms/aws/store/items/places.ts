import type { AppKey } from '../../../../protocol/names.ts'

/** Keys of items and places in indexes. No name holds "/" or "#", and numbers are padded, so that they sort as they count. */

const VERSION_DIGITS = 10
export const LAST_VERSION = 10 ** VERSION_DIGITS - 1
/** Milliseconds since the epoch, until long after the year 9999. */
const TIME_DIGITS = 15

export const partitionOf = ({ env, app }: AppKey): string => `${env}/${app}`

export const numberPlace = (version: number): string => String(version).padStart(VERSION_DIGITS, '0')

export const timePlace = (at: number): string => String(at).padStart(TIME_DIGITS, '0')

const DAY_SECONDS = 86_400
const KEPT_DAYS = 7

/** When DynamoDB forgets what ended then: calls, and containers that stopped. */
export const expiryAfter = (at: number): number => Math.floor(at / 1000) + KEPT_DAYS * DAY_SECONDS
