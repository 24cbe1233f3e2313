import type { CallView } from '../../../protocol/api.ts'
import { Value } from '../../parts/value.tsx'
import { WebLink } from '../../parts/web-link.tsx'

/** What a call was made with. */
export function CallArguments({ call: { args, argsUrl } }: { call: CallView }) {
  if (argsUrl !== undefined)
    return (
      <p>
        The arguments are large. <WebLink href={argsUrl}>Open them</WebLink>
      </p>
    )
  if (!args?.length) return <p class="quiet">It was called without arguments.</p>
  return (
    <Value of={args.length === 1 ? args[0] : args} label={args.length === 1 ? 'Argument' : 'Arguments'} />
  )
}
