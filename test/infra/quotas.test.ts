import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf } from './statements.ts'
import { type Resource, Synthesis } from './synthesis.ts'

/** AWS Lambda, "Lambda quotas". */
const MOST_VARIABLES_BYTES = 4096
/** "IAM and STS quotas": what a role's own policies may have together, and what a managed one may. */
const MOST_OWN_CHARACTERS = 10_240
const MOST_MANAGED_CHARACTERS = 6_144
const MOST_MANAGED = 10
/** ARNs are up to 120 characters, names of things in the network about 25. */
const REFERENCE_BYTES = 75
/** In policies nearly all are ARNs. */
const ARN_BYTES = 110
/** Partitions, regions and numbers of accounts have at most so many. */
const PIECE_BYTES = 15
/** Names of tables are made of the stack's name, their own, and some twenty characters. */
const TABLE_BYTES = 50

const widest = new Synthesis({ hostedZone: 'Z0123', ingressShards: '5' })

test('as many load balancers as there may be are told within what Lambda takes', () => {
  for (const { path, Properties } of widest.functions()) {
    const bytes = sizeOfVariables(Properties.Environment.Variables)
    assert.ok(bytes <= MOST_VARIABLES_BYTES, `${path}: ${bytes} bytes`)
  }
})

test('what a role may do is told within what IAM takes', (context) => {
  const own = policiesByRole('AWS::IAM::Policy')
  assert.ok(own.size > 0)
  for (const [role, policies] of own) {
    const characters = policies.reduce((sum, policy) => sum + sizeOfPolicy(policy), 0)
    if (role === 'Control/Work/Handler/Role') context.diagnostic(`${role}: ${characters} characters`)
    assert.ok(characters <= MOST_OWN_CHARACTERS, `${role}: ${characters} characters`)
  }
  for (const [role, policies] of policiesByRole('AWS::IAM::ManagedPolicy')) {
    assert.ok(policies.length <= MOST_MANAGED, role)
    for (const policy of policies)
      assert.ok(
        sizeOfPolicy(policy) <= MOST_MANAGED_CHARACTERS,
        `${role}: ${sizeOfPolicy(policy)} characters`,
      )
  }
})

function policiesByRole(type: string): Map<string, Resource[]> {
  const attached = widest.ofType(type).flatMap((policy) =>
    listOf<unknown>(policy.Properties.Roles).map((role) => ({
      role: widest.text(policy.stack, role),
      policy,
    })),
  )
  const byRole = Map.groupBy(attached, ({ role }) => role)
  return new Map([...byRole].map(([role, all]) => [role, all.map(({ policy }) => policy)]))
}

function sizeOfPolicy({ Properties }: Resource): number {
  const known = JSON.stringify(Properties.PolicyDocument, (_, value) =>
    typeof value === 'object' && isReference(value) ? 'x'.repeat(sizeOf(value, ARN_BYTES)) : value,
  )
  return known.length
}

function sizeOfVariables(variables: Record<string, unknown>): number {
  return Object.entries(variables).reduce((sum, [name, value]) => {
    const reference = name.endsWith('_TABLE') ? TABLE_BYTES : REFERENCE_BYTES
    return sum + name.length + sizeOf(value, reference)
  }, 0)
}

function sizeOf(value: unknown, referenceBytes: number): number {
  if (typeof value === 'string') return value.length
  if (!isReference(value)) throw new Error(`${JSON.stringify(value)} is neither text nor a reference`)
  // A piece of an ARN, such as its partition or its region, is far shorter than one.
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] }
  if (join === undefined) return JSON.stringify(value).includes('AWS::') ? PIECE_BYTES : referenceBytes
  const [separator, parts] = join
  return parts.reduce<number>(
    (sum, part) => sum + sizeOf(part, referenceBytes),
    separator.length * (parts.length - 1),
  )
}

/** Whether CloudFormation fills it in. */
function isReference(value: unknown): boolean {
  const [kind = '', ...others] = Object.keys(value ?? {})
  return others.length === 0 && (kind === 'Ref' || kind.startsWith('Fn::'))
}
