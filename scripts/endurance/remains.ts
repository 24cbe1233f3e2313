import { execFileSync } from 'node:child_process'
import type { ContainerView } from '../../protocol/api.ts'
import { processesOf } from '../../test/e2e/processes.ts'
import { until } from '../../test/e2e/reached.ts'
import { APP } from './app.ts'
import type { Field } from './field.ts'

const REST_MS = 90_000

/** What is there once nobody asks for anything any more, and what a stop then leaves. */
export async function lookAtRemains(field: Field): Promise<void> {
  const { installation, ledger } = field
  await comes(field, 'the containers of older versions to be gone', async () => {
    const { liveVersion } = (await installation.api('GET', `/v1/apps/${APP}`)).body
    return (await containersOf(field)).every(
      ({ version, state }) => version === liveVersion && state === 'ready',
    )
  })
  const containers = await containersOf(field)
  ledger.count('containers left at rest', containers.length)
  await comes(field, 'two processes of each container, and one control plane', async () => {
    const now = await containersOf(field)
    return (await processesOf(installation.dir)).length === 2 * now.length + 1
  })
  await installation.run('app', 'stop', APP)
  await comes(field, 'the control plane to be the only process after a stop', async () => {
    const [left, ...others] = await processesOf(installation.dir)
    return left?.pid === installation.pid && others.length === 0
  })
}

/** Kilobytes. */
export const diskUse = (dir: string): number =>
  Number(execFileSync('du', ['-sk', dir], { encoding: 'utf8' }).split('\t')[0])

async function containersOf({ installation }: Field): Promise<ContainerView[]> {
  return (await installation.api('GET', `/v1/apps/${APP}/containers?limit=100`)).body.items
}

async function comes(
  { ledger, installation }: Field,
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  try {
    await until(what, holds, REST_MS)
  } catch (error) {
    const left = (await processesOf(installation.dir)).map(({ pid, command }) => `${pid} ${command}`)
    ledger.fault(`${error}; there are:\n${left.join('\n')}`)
  }
}
