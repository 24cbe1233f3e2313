import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../e2e/reached.ts'

const CDK = join(ROOT, 'node_modules', '.bin', 'cdk')

/** As the documents tell operators to type them. */
export const COMMANDS = {
  bootstrap: 'npx cdk bootstrap',
  deploy: 'npx cdk deploy --all',
  destroy: 'npx cdk destroy --all',
} as const

/** What the stacks say once they are deployed, by output. */
export type Outputs = Record<string, string>

/** The CDK app of this repository, deployed and destroyed with the CDK's own command line. */
export class Stacks {
  readonly #context: string[]
  readonly #folder: string

  private constructor(context: Record<string, string>, folder: string) {
    this.#context = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    this.#folder = folder
  }

  static async inFolder(context: Record<string, string>): Promise<Stacks> {
    return new Stacks(context, await mkdtemp(join(tmpdir(), 'sluice-cdk-')))
  }

  async bootstrap(): Promise<void> {
    await this.#type(COMMANDS.bootstrap)
  }

  async deploy(): Promise<Outputs> {
    const file = join(this.#folder, 'outputs.json')
    await this.#type(COMMANDS.deploy, '--require-approval', 'never', '--outputs-file', file)
    const byStack: Record<string, Outputs> = JSON.parse(await readFile(file, 'utf8'))
    return Object.assign({}, ...Object.values(byStack))
  }

  async destroy(): Promise<void> {
    await this.#type(COMMANDS.destroy, '--force')
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #type(command: string, ...options: string[]): Promise<void> {
    const args = [...command.split(' ').slice(2), ...options]
    const child = spawn(
      CDK,
      [...args, '--output', join(this.#folder, 'cdk.out'), '--no-notices', ...this.#context],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} exited with ${code}:\n${output}`)
  }
}
