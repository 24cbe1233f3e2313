import type { UsageFigures } from '../../../protocol/usage-view.ts'
import { Fact } from '../../parts/fact.tsx'
import { amount, containerTime, dollars, percent } from '../../parts/usage/amounts.ts'

/** The sums of the whole time. */
export function Totals({
  of: { cost, containerSeconds, calls, requests, errors, serverErrors },
}: {
  of: Pick<UsageFigures, 'cost' | 'containerSeconds' | 'calls' | 'requests' | 'errors' | 'serverErrors'>
}) {
  const failed = errors + serverErrors
  const done = calls + requests
  return (
    <dl class="totals">
      <Total name="Cost" value={dollars(cost.total)} />
      <Total name="Idle cost" value={dollars(cost.idle)} share={percent(cost.idle, cost.total)} />
      <Total name="Drain cost" value={dollars(cost.draining)} share={percent(cost.draining, cost.total)} />
      <Total name="Container time" value={containerTime(containerSeconds.total)} />
      <Total name="Calls and requests" value={amount(done)} />
      <Total name="Errors" value={amount(failed)} share={failed > 0 ? percent(failed, done) : ''} />
    </dl>
  )
}

function Total({ name, value, share = '' }: { name: string; value: string; share?: string }) {
  return (
    <Fact name={name}>
      {value} <span class="quiet">{share}</span>
    </Fact>
  )
}
