import { Link } from 'wouter-preact'
import { useAnswer } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { ContainerTable } from '../../parts/container-table.tsx'

const SHOWN = 10

interface FunctionContainersProps {
  env: string
  app: string
  name: string
}

/** The newest containers of a function. */
export function FunctionContainers({ env, app, name }: FunctionContainersProps) {
  const answer = useAnswer('listContainers', {
    params: { app },
    query: { env, function: name, limit: SHOWN },
  })
  return (
    <section class="block" aria-labelledby="containers">
      <header class="block-header">
        <h2 id="containers">Containers</h2>
        <Link href={`/apps/${env}/${app}/containers?function=${name}`}>All containers of {name}</Link>
      </header>
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">None runs.</p>
          ) : (
            <ContainerTable containers={items} label={`Containers of ${name}`} />
          )
        }
      </Answer>
    </section>
  )
}
