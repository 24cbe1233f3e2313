/** An address on the web. What is no http address is shown as text: it may have been written by anybody. */
export function WebLink({
  href,
  children = href.replace(/^https?:\/\//, ''),
}: {
  href: string
  children?: string
}) {
  if (!/^https?:\/\//.test(href)) return <span>{href}</span>
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
