import { Link } from 'wouter-preact'
import { Page } from '../parts/page.tsx'

export function NotFound() {
  return (
    <Page title="Nothing here">
      <p>
        There is no such page. <Link href="/">See all apps.</Link>
      </p>
    </Page>
  )
}
