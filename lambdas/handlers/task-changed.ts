import { containerExited, type ProcessExit } from '../../control/containers.ts'
import { type EventHandler, eventHandler, type ReportEvent } from '../event-handler.ts'

export interface StoppedContainer {
  id: string
  exit: ProcessExit
}

type TaskPorts = Parameters<typeof containerExited>[0] & {
  /** What the platform's event says, where it says that a container has stopped. */
  readStopped(event: unknown): StoppedContainer | undefined
}

/**
 * The platform's word that a container's task has changed. It may come again, late, or never: the container's silence
 * tells of its end too.
 */
export function makeTaskChangedHandler(ports: TaskPorts, report?: ReportEvent): EventHandler {
  return eventHandler(ports.readStopped, ({ id, exit }) => containerExited(ports, id, exit), report)
}
