/** Shown only when an answer is slow enough to be missed; see the style. */
export function Waiting() {
  return (
    <p class="waiting" role="status">
      Loading…
    </p>
  )
}
