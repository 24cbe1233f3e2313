import { releaseAddresses, takeAddresses, takenAddresses } from '../test/emulator/lifecycle/addresses.ts'
import { logFile, runningPid } from '../test/emulator/lifecycle/daemon.ts'
import { startPodman, stopPodman } from '../test/emulator/lifecycle/podman.ts'
import {
  clientEnvironment,
  isHealthy,
  startFront,
  startServer,
  stopServer,
} from '../test/emulator/lifecycle/server.ts'

const VERBS: Record<string, () => Promise<void>> = { up, env, status, reset, down }
const DAEMONS = ['podman', 'server', 'front']

try {
  await VERBS[process.argv[2] ?? '']?.()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function up(): Promise<void> {
  const addresses = takeAddresses()
  await startPodman()
  await startServer(addresses)
  await startFront(addresses)
  await env()
}

async function env(): Promise<void> {
  const addresses = running()
  for (const [name, value] of Object.entries(clientEnvironment(addresses)))
    console.log(`export ${name}=${value}`)
}

async function status(): Promise<void> {
  const addresses = takenAddresses()
  const health = addresses && (await isHealthy(addresses)) ? `ready at ${addresses.endpoint}` : 'not running'
  console.log(`The emulator is ${health}.`)
  for (const name of DAEMONS)
    console.log(`  ${name.padEnd(8)} ${runningPid(name) ?? 'not running'}  ${logFile(name)}`)
}

async function reset(): Promise<void> {
  const { endpoint } = running()
  const response = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' })
  if (!response.ok)
    throw new Error(`The emulator could not be emptied: ${response.status} ${await response.text()}`)
}

async function down(): Promise<void> {
  await stopServer()
  await stopPodman()
  releaseAddresses()
}

function running() {
  const addresses = takenAddresses()
  if (!addresses) throw new Error('The emulator is not running; start it with scripts/emulator up.')
  return addresses
}
