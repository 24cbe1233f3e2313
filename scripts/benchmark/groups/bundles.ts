import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { AS_HANDLER, compileHandlers } from '../../../infra/bundle.ts'
import type { Group } from '../group.ts'
import { type Contestant, interleaved, type Measure, rowsOf } from '../rounds.ts'

const EMPTY = 'exports.handler=async()=>{}'
/** Prints the milliseconds that a module takes to load. */
const LOAD = 'const began=performance.now();require(process.argv[1]);console.log(performance.now()-began)'

const CALL_PATH = ['api/calls', 'runtime/runtime']

const MEASURES: Record<string, Measure> = {
  load: { title: 'loaded by a new process', unit: 'ms', digits: 1 },
}

export const bundles: Group = {
  name: 'bundles',
  title: 'The Lambda functions of the control plane',
  async run(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bundles-'))
    try {
      const contestants = [await contestant(folder, 'an empty handler', EMPTY, 'limit')]
      for (const { name, code } of handlers()) {
        contestants.push(await contestant(folder, name, code, 'ours'))
      }
      contestants.push(await contestant(folder, 'a DynamoDB client alone', clientAlone(), 'peer'))
      return rowsOf(bundles.name, MEASURES, await interleaved(contestants, bench, false))
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

/** As they are deployed; first those that a call goes through. */
function handlers(): { name: string; code: string }[] {
  const { outputFiles, metafile } = compileHandlers()
  const entries = Object.entries(metafile.outputs).flatMap(([file, { entryPoint }]) =>
    entryPoint === undefined ? [] : [{ file, name: entryPoint.replace(/\.ts$/, '') }],
  )
  const isOnPath = ({ name }: { name: string }) => Number(CALL_PATH.includes(name))
  const sorted = entries.toSorted((a, b) => isOnPath(b) - isOnPath(a))
  return sorted.map(({ file, name }) => {
    const output = outputFiles.find(({ path }) => path.endsWith(`/${file}`))
    if (!output) throw new Error(`The bundler made no ${file}.`)
    return { name, code: output.text }
  })
}

/** What most handlers cannot do without, bundled as they are. */
function clientAlone(): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents: "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; new DynamoDBClient({})",
      resolveDir: import.meta.dirname,
    },
    ...AS_HANDLER,
  })
  return outputFiles[0]?.text ?? ''
}

async function contestant(
  folder: string,
  name: string,
  code: string,
  side: Contestant['side'],
): Promise<Contestant> {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.js`)
  await writeFile(file, code)
  const size = `${kilobytes(Buffer.byteLength(code))} KB, gzipped ${kilobytes(gzipSync(code).byteLength)}`
  const run = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', LOAD, file])
    return { load: Number(stdout) }
  }
  return { name: side === 'limit' ? name : `${name} (${size})`, side, run }
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1_000)
