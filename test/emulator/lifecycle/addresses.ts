import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from './places.ts'

/** The network of Podman's own bridge; its last 16 blocks of 256 are the addresses of emulators, one for each clone. */
export const BRIDGE_SUBNET = '10.88.0.0/16'
const FIRST_BLOCK = 240
const LAST_BLOCK = 255
const AWS_PORT = 4566
const BLOCK_FILE = join(FOLDER, 'block')

export interface Addresses {
  /** Three octets, without the last dot. */
  block: string
  endpoint: string
}

/** Those of the emulator that was started from this clone. */
export function takenAddresses(): Addresses | undefined {
  return existsSync(BLOCK_FILE) ? addressesOf(readFileSync(BLOCK_FILE, 'utf8').trim()) : undefined
}

export function takeAddresses(): Addresses {
  const addresses = takenAddresses() ?? freeAddresses()
  // With a local route the kernel takes every address of the block for this machine's, towards containers as well.
  ip('route', 'replace', 'local', `${addresses.block}.0/24`, 'dev', 'lo')
  writeFileSync(BLOCK_FILE, addresses.block)
  return addresses
}

export function releaseAddresses(): void {
  const taken = takenAddresses()
  if (!taken) return
  if (isRouted(taken.block)) ip('route', 'del', 'local', `${taken.block}.0/24`, 'dev', 'lo')
  rmSync(BLOCK_FILE)
}

function freeAddresses(): Addresses {
  for (let octet = FIRST_BLOCK; octet <= LAST_BLOCK; octet++) {
    const block = `10.88.${octet}`
    if (!isRouted(block)) return addressesOf(block)
  }
  throw new Error(
    'Emulators of other clones hold every block of addresses; end one with its scripts/emulator down.',
  )
}

function addressesOf(block: string): Addresses {
  return { block, endpoint: `http://${block}.1:${AWS_PORT}` }
}

function isRouted(block: string): boolean {
  return ip('route', 'show', 'table', 'local', `${block}.0/24`) !== ''
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' })
}
