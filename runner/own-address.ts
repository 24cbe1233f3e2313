import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

const EVERYWHERE = '0.0.0.0'

/**
 * Where others reach what listens here, as `ready` tells it.
 * @throws Error if it listens everywhere, but the container has no address that others could use
 */
export function addressOf(
  { host, port }: { host: string; port: number },
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string {
  const address = host === EVERYWHERE ? ownAddress(interfaces) : host
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** On Fargate, the first interface has a link-local address and only leads to the task's metadata. */
function ownAddress(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  const own = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
    )
  if (own) return own.address
  throw new Error('The container has no IPv4 address at which it could be reached')
}
