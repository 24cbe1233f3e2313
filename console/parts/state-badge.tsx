/** A state of an app, a version, a container or a call, in its word and its colour: never in colour alone. */
export function StateBadge({ state }: { state: string }) {
  return <span class={`badge badge-${state}`}>{state.replace('_', ' ')}</span>
}
