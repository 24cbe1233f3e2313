import { BlockList, isIP } from 'node:net'

/**
 * Addresses that are nobody's on the internet: of this machine, of private networks, and of what a cloud tells its machines
 * ("IANA IPv4 / IPv6 Special-Purpose Address Registry").
 */
const PRIVATE = new BlockList()
const IPV4: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
const IPV6: [network: string, bits: number][] = [
  // Nobody's, this machine's, and IPv4 addresses as they were written before `::ffff:` was agreed on.
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]
for (const [network, bits] of IPV4) PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of IPV6) PRIVATE.addSubnet(network, bits, 'ipv6')

/** Also where an IPv4 address is written as one of IPv6. */
export function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
