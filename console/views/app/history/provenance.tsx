import type { VersionView } from '../../../../protocol/api.ts'

const SHORT_HASH = 7

/** How a version came about. */
export function originText({ origin, fromVersion }: Pick<VersionView, 'origin' | 'fromVersion'>): string {
  const from = fromVersion === undefined ? '' : ` v${fromVersion}`
  switch (origin) {
    case 'deploy':
      return 'deployed'
    case 'rollback':
      return `rolled back to${from}`
    case 'rollover':
      return `rolled over from${from}`
    case 'promote':
      return `promoted from${from}`
    case 'start':
      return `started again from${from}`
  }
}

/** The commit that it was made of, and its tag. */
export function CommitMark({ version: { commit, tag } }: { version: Pick<VersionView, 'commit' | 'tag'> }) {
  return (
    <>
      {commit && (
        <span class="mark" title={commit.author && `by ${commit.author}`}>
          <code>{commit.hash.slice(0, SHORT_HASH)}</code>
          {commit.branch && ` on ${commit.branch}`}
          {commit.dirty && ', with changes'}
        </span>
      )}{' '}
      {tag && <span class="mark">{tag}</span>}
    </>
  )
}
