import { useState } from 'preact/hooks'
import { useAct } from '../../api/queries.ts'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Trial } from './trial.tsx'

interface TryItProps {
  env: string
  app: string
  name: string
}

/** Calls a function with what is typed. */
export function TryIt({ env, app, name }: TryItProps) {
  const [text, setText] = useState('[]')
  const act = useAct('call')
  const { args, fault } = readArguments(text)
  const call = (event: Event) => {
    event.preventDefault()
    if (args === undefined || act.isPending) return
    act.mutate({ params: { app, function: name }, query: { env }, body: { args } })
  }
  return (
    <section class="card" aria-labelledby="try-it">
      <h2 id="try-it">Try it</h2>
      <form class="try-it" onSubmit={call}>
        <Field label="Arguments" hint='A list in JSON, such as [1, "two"].' fault={fault}>
          {(names) => (
            <textarea
              {...names}
              class="code"
              rows={3}
              spellcheck={false}
              autocomplete="off"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <div>
          <button type="submit" class="primary" disabled={args === undefined || act.isPending}>
            {act.isPending ? 'One moment…' : `Call ${name}`}
          </button>
        </div>
      </form>
      <Problem error={act.error} />
      {act.data && !act.error && <Trial key={act.data.id} call={act.data} />}
    </section>
  )
}

/** What a function is to be called with, or what is wrong with the text. */
function readArguments(text: string): { args?: unknown[]; fault?: string } {
  try {
    const args: unknown = JSON.parse(text)
    return Array.isArray(args) ? { args } : { fault: 'Put the arguments into a list: [ … ].' }
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : error}.` }
  }
}
