import { useId, useState } from 'preact/hooks'
import { useAnswer } from '../../api/queries.ts'

const OFFERED = 20

interface AppPickerProps {
  env: string
  /** Empty for all of them. */
  app: string
  onPick: (app: string) => void
}

/** Holds what is shown to one app: those there are are offered, and one that is gone can be typed. */
export function AppPicker({ env, app, onPick }: AppPickerProps) {
  const list = useId()
  const [text, setText] = useState(app)
  const q = text.trim()
  const { data } = useAnswer('listApps', { query: { env, q, limit: OFFERED } }, { when: q !== app })
  return (
    <form
      class="app-picker"
      onSubmit={(event) => {
        event.preventDefault()
        onPick(q)
      }}
    >
      <input
        type="search"
        aria-label="App"
        placeholder="All apps"
        list={list}
        value={text}
        maxLength={64}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <datalist id={list}>
        {data?.items.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit">Show</button>
    </form>
  )
}
