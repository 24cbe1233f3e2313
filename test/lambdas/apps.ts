import type { FunctionSpecInput, ManifestInput } from '../../protocol/manifest.ts'
import { DEFAULT_ENV } from '../../protocol/names.ts'
import { send } from './client.ts'
import type { Installation } from './installation.ts'

const CODE = Buffer.from('export default null')
const LONGEST_ROLLOUT_SECONDS = 20

/** A manifest whose bundle is uploaded; its functions are plain unless they say otherwise. */
export async function manifestOf(
  { ports }: Installation,
  app: string,
  functions: Record<string, Partial<FunctionSpecInput>> = { work: {} },
): Promise<ManifestInput> {
  const sha256 = await ports.blobs.put(CODE)
  return {
    app,
    bundle: { code: { path: 'bundle.mjs', sha256, size: CODE.length } },
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, spec]) => [name, { kind: 'plain', ...spec }]),
    ),
  }
}

/** Deploys, and waits until the version is live. */
export async function deployApp(
  installation: Installation,
  app: string,
  functions?: Record<string, Partial<FunctionSpecInput>>,
  env = 'main',
): Promise<number> {
  if (env !== DEFAULT_ENV) await send(installation, 'putEnvironment', { params: { env }, body: {} })
  const manifest = await manifestOf(installation, app, functions)
  const { body } = await send(installation, 'deploy', { params: { app }, query: { env }, body: { manifest } })
  const { version } = body
  const query = { env, wait: LONGEST_ROLLOUT_SECONDS }
  const live = await send(installation, 'getVersion', { params: { app, version }, query })
  if (live.body.status !== 'live') throw new Error(`v${version} is ${live.body.status}`)
  return version
}
