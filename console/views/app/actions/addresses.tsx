/** More would hide what is asked. */
const MOST_SHOWN = 8

/** What stops to answer. */
export function Addresses({ urls }: { urls: string[] }) {
  if (urls.length === 0) return null
  const hidden = urls.length - MOST_SHOWN
  return (
    <ul class="addresses">
      {urls.slice(0, MOST_SHOWN).map((url) => (
        <li key={url}>
          <code>{url}</code>
        </li>
      ))}
      {hidden > 0 && <li>and {hidden} more</li>}
    </ul>
  )
}
