import type { SenderView } from '../protocol/tokens.ts'
import { localTime } from './times.ts'

/** In words: `ci, deployer in prod, until 2026-01-31 06:00:12`. */
export function describeSender({
  name,
  role,
  env,
  expiresAt,
}: Pick<SenderView, 'name' | 'role' | 'env' | 'expiresAt'>): string {
  const where = env === undefined ? 'in all environments' : `in ${env}`
  const until = expiresAt === undefined ? '' : `, until ${localTime(expiresAt)}`
  return `${name}, ${role ?? 'a container'} ${where}${until}`
}
