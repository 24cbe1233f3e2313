import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BRIDGE_SUBNET } from './addresses.ts'
import { startDaemon, stopDaemon } from './daemon.ts'
import { EMULATOR, FOLDER, PODMAN_SOCKET, RUN_FOLDER } from './places.ts'

const CONFIG_FILE = join(FOLDER, 'containers.conf')
/**
 * Of this clone alone, so that nobody's own settings, images and containers are touched. crun refuses hosts with hybrid
 * cgroups, and limits above these need CAP_SYS_RESOURCE.
 */
const CONFIG = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "${RUN_FOLDER}/libpod"
[network]
default_subnet = "${BRIDGE_SUBNET}"
`
const STORAGE_FOLDER = join(FOLDER, 'containers')
const OVERLAY = join(STORAGE_FOLDER, 'overlay')
const STORAGE = ['--root', STORAGE_FOLDER, '--runroot', join(RUN_FOLDER, 'containers')]
const ANCHOR = 'sluice-emulator'
export const IMAGE = 'localhost/node:24'

export async function startPodman(): Promise<void> {
  mkdirSync(RUN_FOLDER, { recursive: true })
  writeFileSync(CONFIG_FILE, CONFIG)
  await startDaemon({
    name: 'podman',
    command: ['podman', ...STORAGE, 'system', 'service', '--time=0', PODMAN_SOCKET],
    env: { ...process.env, CONTAINERS_CONF: CONFIG_FILE },
    isReady: async () => succeeds(() => podman('version')),
  })
  if (!succeeds(() => podman('image', 'exists', IMAGE))) buildImage()
  holdBridge()
}

export async function stopPodman(): Promise<void> {
  removeContainers()
  await stopDaemon('podman')
  // Podman leaves its storage mounted on itself, and a clone with a mount in it cannot be deleted.
  if (isMounted(OVERLAY)) execFileSync('umount', [OVERLAY])
  rmSync(RUN_FOLDER, { recursive: true, force: true })
}

/** Whatever still runs, and what tasks left behind; builds lose nothing, as images stay. */
export function removeContainers(): void {
  if (succeeds(() => podman('version'))) podman('rm', '--all', '--force', '--time', '0')
}

function buildImage(): void {
  execFileSync(join(EMULATOR, 'image', 'build'), { env: remote(), stdio: ['ignore', 'ignore', 'inherit'] })
}

/** The bridge exists once a container has run, and in newer releases only while one does. */
function holdBridge(): void {
  if (succeeds(() => podman('container', 'exists', ANCHOR))) return
  podman('run', '--detach', '--name', ANCHOR, IMAGE, 'sleep', '2147483647')
}

function isMounted(folder: string): boolean {
  return readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)
}

function podman(...args: string[]): void {
  execFileSync('podman', args, { env: remote(), stdio: ['ignore', 'ignore', 'pipe'] })
}

function remote(): NodeJS.ProcessEnv {
  return { ...process.env, CONTAINER_HOST: PODMAN_SOCKET }
}

function succeeds(action: () => void): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
