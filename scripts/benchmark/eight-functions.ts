import type { AppFolder } from '../../test/e2e/app-folder.ts'

/** An app as people have them: seven functions and a web endpoint, in files that share a module. */
export function eightFunctions(name: string, mark: string): Record<string, string> {
  const steps = ['fetch', 'parse', 'clean', 'score', 'store', 'report', 'notify']
  return {
    'app.ts': `import { App } from 'sluice'
import { marked } from './shared.ts'
${steps.map((step) => `import { run as ${step}Step } from './${step}.ts'`).join('\n')}
const app = new App('${name}')
${steps.map((step) => `export const ${step} = app.function(${step}Step)`).join('\n')}
export const web = app.web({ minContainers: 1 }, () => new Response(marked('web')))
export default app
`,
    'shared.ts': shared(mark),
    ...Object.fromEntries(
      steps.map((step) => [
        `${step}.ts`,
        `import { marked } from './shared.ts'\nexport const run = async (value: unknown) => ({ value, by: marked('${step}') })\n`,
      ]),
    ),
  }
}

/** The file with the line that is edited. */
export const shared = (mark: string): string =>
  `const MARK = '${mark}'\nexport const marked = (text: string) => \`\${text} \${MARK}\`\n`

export async function write(folder: AppFolder, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await folder.write(name, content)
}
