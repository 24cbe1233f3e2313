import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MUTATIONS } from '../test/simulation/mutations/all.ts'
import type { Mutation } from '../test/simulation/mutations/mutation.ts'

const ROOT = join(import.meta.dirname, '..')
const LOADER = join(ROOT, 'test/simulation/mutations/load.ts')
const SIMULATE = join(ROOT, 'scripts/simulate.ts')
/** Milliseconds after which a simulation that does not end counts as one that found something. */
const HUNG_MS = 600_000

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '300' }, only: { type: 'string', default: '' } },
})

const waiting = MUTATIONS.filter(({ name }) => name.includes(values.only))
const found: [name: string, how: string][] = []
await Promise.all(Array.from({ length: availableParallelism() }, work))

const survivors = found.filter(([, how]) => how === 'survived')
console.log(
  `\n${found.length - survivors.length} of ${found.length} mutations were found within ${values.seeds} seeds.`,
)
for (const [name] of survivors) console.log(`  survived: ${name}`)

async function work(): Promise<void> {
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const how = await judge(mutation)
    found.push([mutation.name, how])
    console.log(`| ${mutation.name} | ${how} |`)
  }
}

/** What the simulation says of the source with this fault in it. */
async function judge({ name }: Mutation): Promise<string> {
  const child = spawn(process.execPath, ['--import', LOADER, SIMULATE, '--seeds', values.seeds], {
    env: { ...process.env, SLUICE_MUTATION: name, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: HUNG_MS,
    killSignal: 'SIGKILL',
  })
  let said = ''
  child.stderr.on('data', (data) => (said += data))
  const [code, signal] = await once(child, 'close')
  if (signal !== null) return 'it never ends'
  if (code === 0) return 'survived'
  const [, seed = '?'] = /Seed (\d+) breaks/.exec(said) ?? []
  const reason = /(?:promise \d+|secrets|nor|a |an |the |Error)[^\n]*/.exec(
    said.split('\n').slice(1).join('\n'),
  )
  return `seed ${seed}: ${reason?.[0].slice(0, 110) ?? said.slice(0, 110)}`
}
