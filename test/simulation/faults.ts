import type { Random } from './random.ts'

/** What goes wrong, and how likely it is at most, each time that it could. */
const MOST = {
  /** The process dies at a port call. */
  crash: 0.01,
  /** A hint, or a message between container and control plane, is lost. */
  loss: 0.05,
  /** A hint arrives twice. */
  doubling: 0.2,
  /** There is no room for a container, or nobody takes a notice. */
  refusal: 0.2,
  /** Targets cannot be reached yet. */
  pending: 0.5,
  /** A schedule's word never comes, comes twice, or comes late. */
  slotLoss: 0.3,
  slotDoubling: 0.3,
  slotLate: 0.4,

  /** A call of a port is refused, or is done and seems to have failed; or all of one port's are refused for seconds. */
  throttle: 0.01,
  answerLost: 0.01,
  outage: 0.0005,
  /** What goes on stands still between two calls of ports, up to half a minute: that alone, or all of its process. */
  pause: 0.002,
  freeze: 0.0005,
  /** Two control planes serve at once, with a queue and an ingress outside of both, as on AWS. */
  secondPlane: 1,
  /** An app is looked at long after that was asked for, or twice. */
  lateWork: 0.1,
  doubledWork: 0.2,
  /** A hint comes long after it was sent, or again while somebody holds it. */
  lateHint: 0.2,
  heldHint: 0.2,

  /** A container dies. */
  death: 1,
  /** A container says nothing, ever; or it says that it lives, and is not ready, ever; or not before long. */
  neverBoots: 0.15,
  neverReady: 0.15,
  lateReady: 0.3,
  /** Nothing that a container says gets through for up to a minute, while it goes on with its work. */
  cutOff: 0.03,
  /** A request is heard long after it was given up, maybe after the end of its container. */
  lateRequest: 0.02,
  /** A container takes its time to be killed, or its exit is told before it is gone. */
  slowKill: 0.5,
  earlyExit: 0.3,
  /** The exit of a container is told by nobody, late, or twice. */
  unseenExit: 0.3,
  lateExit: 0.5,
  doubledExit: 0.5,
  /** A call, or a web request, ends only by its timeout. */
  hang: 0.1,
  /** A result is told long after its call ended, even where its lease was revoked. */
  lateAnswer: 0.1,
  doubledAnswer: 0.3,
  /** A container tells results of calls that it was not given. */
  forgery: 0.1,
  /** A container says that it is idle while it works, that it drains while it does not, or takes more than it has room for. */
  idleLie: 0.3,
  drainLie: 0.2,
  greed: 0.3,
  /** A container does not do as it is told: it neither drains nor leaves. */
  deafness: 0.3,
  /** A container says that it was told of calls, of whatever function, that it knows from elsewhere. */
  falseHint: 0.5,
  /** A container dies of its work; or is gone with its machine, and nobody tells of it. */
  collapse: 0.2,
  /** A request for more work is still held as its container ends, and is answered with what comes. */
  heldRequest: 0.7,

  /** A call never ends, though its container goes on to say that it works on it. */
  overrun: 0.05,

  /** The clock of a control plane or of a container is wrong from the start, or is set while it is at work. */
  clockSkew: 0.7,
  clockStep: 0.002,

  /** Where the load balancer and the scheduler are outside of the control plane, they take no removal for the moment. */
  congestion: 0.6,
} as const

export type FaultName = keyof typeof MOST
export type Faults = Record<FaultName, number>

const NAMES = Object.keys(MOST) as FaultName[]
/** The words of a scheduler come from outside, and go astray at rest too. */
const LASTING: readonly FaultName[] = ['slotLoss', 'slotDoubling', 'slotLate']

/** What ends when the world is to come to rest. */
export const CALM: Partial<Faults> = Object.fromEntries(
  NAMES.filter((name) => !LASTING.includes(name)).map((name) => [name, 0]),
)

/** In some worlds nothing is wrong but that much happens at once, in some one thing, and in most a good part of all that can be. */
export function faultsOf(random: Random): Faults {
  const share = random.pick([0, 0, 'one', 0.2, 0.2, 0.4, 0.4, 0.6] as const) ?? 0
  const only = random.pick(NAMES)
  const isOn = (name: FaultName) => (share === 'one' ? name === only : random.chance(share))
  return Object.fromEntries(
    NAMES.map((name) => [name, isOn(name) ? MOST[name] * (0.2 + 0.8 * random.next()) : 0]),
  ) as Faults
}
