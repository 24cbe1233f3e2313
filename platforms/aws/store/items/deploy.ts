import type { AppEntity } from './app.ts'
import type { LabelEntity } from './label.ts'
import type { ManifestEntity, VersionEntity } from './version.ts'

/** What a deploy writes, all in one table. */
export interface DeployItems {
  apps: AppEntity
  versions: VersionEntity
  manifests: ManifestEntity
  labels: LabelEntity
}
