import type { VersionView } from '../../../../protocol/api.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { Addresses } from './addresses.tsx'
import { useChange } from './use-change.ts'

/** Gives up a staged version. */
export function Unstage({ staged, onClose }: { staged: VersionView; onClose: () => void }) {
  const { app, env, version, urls } = staged
  const { act, perform, reason } = useChange(
    'unstage',
    { env, app },
    { done: () => `v${version} is staged no more.`, onClose },
  )
  return (
    <Dialog
      title={`Give up v${version} of ${app}`}
      doing="Give up"
      danger
      act={act}
      onDo={() => perform({ version })}
      onClose={onClose}
    >
      <p>It is staged no more: nobody reaches it, and its containers finish what they have.</p>
      <Addresses urls={Object.values(urls)} />
      <Reason {...reason} />
    </Dialog>
  )
}
