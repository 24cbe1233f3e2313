import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'
import { logFile, startDaemon, stopDaemon } from './daemon.ts'
import { EMULATOR, FOLDER, PODMAN_SOCKET, ROOT, TEMPORARY_FOLDER } from './places.ts'

/** What the AWS SDKs, the CDK and Podman read, on the host. */
export function clientEnvironment({ endpoint }: Addresses): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    CONTAINER_HOST: PODMAN_SOCKET,
    DOCKER_HOST: PODMAN_SOCKET,
  }
}

export async function startServer(addresses: Addresses): Promise<void> {
  const { hostname, port } = new URL(addresses.endpoint)
  const { CONTAINER_HOST: _, ...aws } = clientEnvironment(addresses)
  await startDaemon({
    name: 'server',
    command: [join(FOLDER, 'venv', 'bin', 'python3'), '-m', 'overlay'],
    // Nothing else of the caller's: Lambda functions inherit it all.
    env: {
      ...aws,
      PATH: `${join(ROOT, 'node_modules', '.bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      TMPDIR: emptyFolder(TEMPORARY_FOLDER),
      PYTHONPATH: EMULATOR,
      PYTHONDONTWRITEBYTECODE: '1',
      NODE_PATH: lambdaPackages(),
      MINISTACK_HOST: hostname,
      MINISTACK_HOSTNAME: hostname,
      GATEWAY_PORT: port,
      MINISTACK_WORKER_THREADS: '256',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      EMULATOR_BLOCK: addresses.block,
    },
    isReady: () => isHealthy(addresses),
  })
}

/** The load balancers' data plane. */
export async function startFront({ endpoint }: Addresses): Promise<void> {
  await startDaemon({
    name: 'front',
    command: [process.execPath, join(EMULATOR, 'alb', 'main.ts')],
    env: { AWS_ENDPOINT_URL: endpoint, PATH: process.env.PATH },
    isReady: async () => readFileSync(logFile('front'), 'utf8') !== '',
  })
}

export async function stopServer(): Promise<void> {
  await stopDaemon('front')
  await stopDaemon('server')
  rmSync(TEMPORARY_FOLDER, { recursive: true, force: true })
}

export async function isHealthy({ endpoint }: Addresses): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/ready`)).ok
  } catch {
    return false
  }
}

/**
 * The packages that a Node.js runtime of Lambda brings along, and no others, so that what a bundle forgot is missed here
 * too ("Building Lambda functions with Node.js": Runtime-included SDK versions).
 */
function lambdaPackages(): string {
  const folder = emptyFolder(join(FOLDER, 'lambda-packages'))
  for (const scope of ['@aws-sdk', '@smithy'])
    symlinkSync(join(ROOT, 'node_modules', scope), join(folder, scope))
  return folder
}

function emptyFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}
