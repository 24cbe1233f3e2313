import type { ContainerView } from '../../../../protocol/api.ts'
import { inFlight } from '../../../parts/count.ts'
import './tiles.css'

/** Containers of one version in one place. Each is told in words by the lists that the lane links to, so here they are a picture. */
export function Tiles({ containers }: { containers: ContainerView[] }) {
  return (
    <div class="tiles" aria-hidden="true">
      {containers.map((container) => (
        <Tile key={container.id} container={container} />
      ))}
    </div>
  )
}

function Tile({ container }: { container: ContainerView }) {
  const { id, function: name, state, running, requests } = container
  const busy = running + requests
  const work = inFlight({ calls: running, requests })
  return (
    <span
      class={`tile tile-${state}`}
      data-tile={id}
      title={`${id}, ${name}${work === undefined ? '' : `, with ${work}`}`}
    >
      {state !== 'stopped' && busy > 0 && (busy > 99 ? '99' : busy)}
    </span>
  )
}
