import { Link, useLocation, useSearchParams } from 'wouter-preact'
import { withValues } from '../with-values.ts'

interface ChoiceProps<Value extends string> {
  /** What is chosen, and its name in the address of the page. */
  label: string
  name: string
  chosen: Value
  values: readonly (readonly [Value, text: string])[]
}

/** A choice of a few that stays in the address. */
export function Choice<Value extends string>({ label, name, chosen, values }: ChoiceProps<Value>) {
  const [path] = useLocation()
  const [search] = useSearchParams()
  const to = (value: Value) => `${path}?${withValues(search, { [name]: value })}`
  return (
    <ul class="choice" aria-label={label}>
      {values.map(([value, text]) => (
        <li key={value}>
          <Link href={to(value)} replace aria-current={value === chosen ? 'true' : undefined}>
            {text}
          </Link>
        </li>
      ))}
    </ul>
  )
}
