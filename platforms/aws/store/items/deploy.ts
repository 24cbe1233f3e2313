import type { AppEntity } from './app.ts'
import type { EntryEntity } from './entry.ts'
import type { EnvironmentEntity } from './environment.ts'
import type { LabelEntity } from './label.ts'
import type { NoticeEntity } from './notice.ts'
import type { SecretEntity } from './secret.ts'
import type { ManifestEntity, VersionEntity } from './version.ts'

/** What a deploy writes, all in one table but for the record of it. */
export interface DeployItems {
  apps: AppEntity
  versions: VersionEntity
  manifests: ManifestEntity
  labels: LabelEntity
  environments: EnvironmentEntity
  secrets: SecretEntity
  entries: EntryEntity
  notices: NoticeEntity
}
