import type { UsageView } from '../../../protocol/usage-view.ts'

/** What the costs are estimated by. */
export function Prices({ of: { prices } }: { of: Pick<UsageView, 'prices'> }) {
  const { asOf, region, architecture } = prices
  return (
    <p class="quiet">
      Costs are estimates, by list prices of {asOf} in {region}, on {architecture}.
    </p>
  )
}
