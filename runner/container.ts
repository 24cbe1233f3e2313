import type { RunnerEnvironment } from '../protocol/environment.ts'
import type { BootResponse } from '../protocol/runtime.ts'
import { EarlyProcess } from './author-start.ts'
import { childVariables, earlyVariables, secretVariables } from './child-environment.ts'
import { ContainerGone, ControlPlane } from './control-plane.ts'
import type { Ending } from './departure.ts'
import { download } from './download.ts'
import { Journal } from './journal.ts'
import { Supervisor } from './supervisor.ts'

/** A last word that nobody hears must not keep a container that cannot go on. */
const LAST_WORD_MS = 30_000

export interface Surroundings {
  environment: RunnerEnvironment
  /** The machine's environment variables, of which the author's code sees a few. */
  inherited: Record<string, string | undefined>
  /** The program that loads the author's bundle. */
  childFile: string
  /** Aborted when the container is asked to leave. */
  leaving: AbortSignal
  write: (text: string) => void
  /** For what there is to say before the container knows whose it is. */
  complain: (text: string) => void
}

/**
 * One container from its boot to its end.
 * @returns the exit code of its process
 */
export async function runContainer(surroundings: Surroundings): Promise<number> {
  const { environment, leaving, write, complain } = surroundings
  let say = complain
  const early = begin(surroundings)
  const control = new ControlPlane(environment, (text) => say(text))
  try {
    const assignment = await control.boot(leaving)
    const { env, app, function: name, version } = assignment
    const container = environment.containerId
    const journal = new Journal({ env, app, function: name, version, container }, write)
    say = (text) => journal.system(text)
    const ending = await work(surroundings, early, assignment, control, journal)
    return await sayGoodbye(ending, control, journal)
  } catch (error) {
    if (leaving.aborted) return 0
    return cutOff(error, say)
  }
}

/** Before all else, since nothing takes as long; without being told how much memory there is, it cannot. */
function begin({ environment, inherited, childFile: file }: Surroundings): EarlyProcess | undefined {
  const { root, memory } = environment
  if (memory === undefined) return undefined
  try {
    return new EarlyProcess({ file, root, memory, variables: earlyVariables(environment, inherited) })
  } catch {
    // It is tried again in its time, and told of if it fails then.
    return undefined
  }
}

async function work(
  { environment, inherited, childFile, leaving }: Surroundings,
  early: EarlyProcess | undefined,
  assignment: BootResponse,
  control: ControlPlane,
  journal: Journal,
): Promise<Ending> {
  try {
    await download(assignment.files, environment.root)
  } catch (error) {
    return { kind: 'hopeless', error: { name: 'DownloadFailed', message: messageOf(error) } }
  }
  if (leaving.aborted) return { kind: 'told' }
  const { root, host, port } = environment
  const { env, app, function: name, version, spec, entry, pinned = false } = assignment
  const variables = childVariables(environment, assignment, inherited)
  const supervisor = new Supervisor({
    spec,
    check: assignment.check,
    reportEvery: assignment.reportEvery,
    program: { file: childFile, root, variables, memory: spec.memory },
    early,
    load: {
      ...{ env, app, function: name, version, pinned, spec, root, entry, host, port },
      draining: false,
      variables: { ...secretVariables(assignment), ...variables },
      signingKey: assignment.signingKey,
      mark: journal.mark,
    },
    control,
    journal,
  })
  leaving.addEventListener('abort', () => supervisor.leave())
  return supervisor.run()
}

async function sayGoodbye(ending: Ending, control: ControlPlane, journal: Journal): Promise<number> {
  switch (ending.kind) {
    case 'told':
      return 0
    case 'hopeless':
      await control.exit(
        { error: ending.error, logs: journal.lastLines(), ...(ending.check && { check: true }) },
        AbortSignal.timeout(LAST_WORD_MS),
      )
      return 1
    case 'cut off':
      return cutOff(ending.error, (text) => journal.system(text))
  }
}

/** A container that is no longer wanted has nothing to be sorry for. */
function cutOff(error: unknown, say: (text: string) => void): number {
  say(messageOf(error))
  return error instanceof ContainerGone && error.status === 410 ? 0 : 1
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
