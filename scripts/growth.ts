import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measure } from './dimensions/measure.ts'
import { chartOf, stamp, tableOf, writePage } from './dimensions/page.ts'
import { DIMENSIONS } from './dimensions/past.ts'

const REPEATS = 30
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images')
const HELP = `Measures what deploys, calls, lists and the sweep cost as there is more and more of everything.

  scripts/growth                the whole table, in about a minute
  scripts/growth --largest N    with at most so much of each
  scripts/growth --write        writes it into docs/growth.md, and draws docs/images/growth-*.svg`

const { values } = parseArgs({
  options: {
    largest: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(HELP)
else await main(Number(values.largest), values.write)

async function main(largest: number, isWritten: boolean): Promise<void> {
  if (!(largest >= 1)) throw new Error('--largest takes a number, such as 1000.')
  await warmUp()
  const tables: string[] = []
  for (const dimension of DIMENSIONS) {
    const sizes = dimension.sizes.filter((size) => size <= largest)
    const { measured } = await measure({ ...dimension, sizes }, REPEATS)
    const table = tableOf(dimension, measured)
    console.log(`${table}\n`)
    tables.push(table)
    if (isWritten) writeFileSync(join(IMAGES, `growth-${dimension.name}.svg`), chartOf(dimension, measured))
  }
  if (isWritten) writePage([stamp(), ...tables].join('\n\n'))
}

/** What runs for the first time is slow, and would make the smallest size look so. */
async function warmUp(): Promise<void> {
  const [dimension] = DIMENSIONS
  if (dimension) await measure({ ...dimension, sizes: [1] }, REPEATS)
}
