import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { test } from 'node:test'
import { addressOf } from '../../runner/own-address.ts'

const v4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '0a:58:a9:fe:ac:02',
  cidr: null,
})
const v6: NetworkInterfaceInfo = { ...v4('2001:db8::7'), family: 'IPv6', scopeid: 0 }

/** As a task on Fargate sees them. */
const FARGATE = {
  lo: [v4('127.0.0.1', true)],
  eth0: [v4('169.254.172.2')],
  eth1: [v6, v4('10.0.2.26')],
}

test('a container that listens everywhere is reached at its own address, not at one for its metadata', () => {
  assert.equal(addressOf({ host: '0.0.0.0', port: 8080 }, FARGATE), '10.0.2.26:8080')
})

test('a container that listens at one address is reached there', () => {
  assert.equal(addressOf({ host: '127.0.0.1', port: 4000 }, FARGATE), '127.0.0.1:4000')
  assert.equal(addressOf({ host: '::1', port: 4000 }, FARGATE), '[::1]:4000')
})

test('a container that nobody can reach says so', () => {
  const { lo, eth0 } = FARGATE
  assert.throws(() => addressOf({ host: '0.0.0.0', port: 8080 }, { lo, eth0 }), /no IPv4 address/)
})
