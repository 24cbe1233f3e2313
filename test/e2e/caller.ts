import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { AppFolder } from './app-folder.ts'
import type { Installation } from './installation.ts'
import { runNode } from './reached.ts'

/**
 * Runs a program of somebody who calls deployed functions: a Node.js process of its own, which finds Sluice by its
 * package name and the installation by environment variables.
 * @param program prints one JSON value
 */
export async function runCaller(
  installation: Installation,
  folder: AppFolder,
  program: string,
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever its program prints.
): Promise<any> {
  const name = `caller-${randomUUID()}.ts`
  await folder.write(name, program)
  const args = [
    '--conditions=source',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    join(folder.path, name),
  ]
  const { code, stdout, stderr } = await runNode(args, installation.variables, folder.path)
  if (code !== 0) throw new Error(`The caller's program exited with ${code}:\n${stdout}\n${stderr}`)
  return JSON.parse(stdout)
}
