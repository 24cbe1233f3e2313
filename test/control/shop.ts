import type { Ports } from '../../control/ports.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'

export const SHOP = { env: 'main', app: 'shop' }

/** What a deploy of an app with these functions carries, its code uploaded. */
export async function shopOf(
  { blobs }: Pick<Ports, 'blobs'>,
  functions: Record<string, FunctionSpecInput>,
): Promise<Manifest> {
  const sha256 = await blobs.put(Buffer.from('code'))
  return Manifest.parse({
    app: SHOP.app,
    bundle: { code: { path: 'app.mjs', sha256, size: 4 } },
    functions,
  })
}
