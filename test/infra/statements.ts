import type { Resource, Synthesis } from './synthesis.ts'

/** What a role may do, or `never`: actions by resource. A table stands for its indexes as well; a condition is told beside it. */
export type Rights = Record<string, string>

/** What the stacks are deployed with, by the hash of what is in it. */
const ASSET = /^arn:partition:s3:::\{.*\}\/[0-9a-f]{64}\.zip$/

interface Statement {
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource: unknown
  Condition?: Record<string, Record<string, unknown>>
}

/** By the path of the role. */
export function rightsOf(synthesis: Synthesis): Map<string, Rights> {
  const found = new Map<string, Map<string, Set<string>>>()
  for (const role of synthesis.ofType('AWS::IAM::Role')) found.set(role.path, new Map())
  for (const { role, statement, stack } of statementsIn(synthesis)) {
    const rights = found.get(role)
    for (const resource of listOf(statement.Resource)) {
      const name = [
        statement.Effect === 'Deny' ? 'never ' : '',
        synthesis
          .text(stack, resource)
          .replace(/\/index\/\w+$/, '')
          .replace(ASSET, 'an asset'),
        conditionOf(synthesis, stack, statement),
      ].join('')
      rights?.set(name, new Set([...(rights.get(name) ?? []), ...listOf(statement.Action)]))
    }
  }
  return new Map([...found].map(([role, rights]) => [role, inWords(rights)]))
}

function statementsIn(synthesis: Synthesis): { role: string; stack: string; statement: Statement }[] {
  // What does not fit into a role's own policy is one beside it: all of them may have 10,240 characters ("IAM and STS quotas").
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => synthesis.ofType(type))
  const attached = policies.flatMap(({ stack, Properties }) =>
    Properties.Roles.map((role: unknown) => ({
      role: synthesis.text(stack, role),
      stack,
      document: Properties.PolicyDocument,
    })),
  )
  const inline = synthesis.ofType('AWS::IAM::Role').flatMap(({ path, stack, Properties }) =>
    (Properties.Policies ?? []).map(({ PolicyDocument }: Resource['Properties']) => ({
      role: path,
      stack,
      document: PolicyDocument,
    })),
  )
  return [...attached, ...inline].flatMap(({ role, stack, document }) =>
    document.Statement.map((statement: Statement) => ({ role, stack, statement })),
  )
}

function conditionOf(synthesis: Synthesis, stack: string, { Condition = {} }: Statement): string {
  const terms = Object.values(Condition).flatMap((test) => Object.entries(test))
  return terms.map(([key, value]) => ` if ${key} is ${synthesis.text(stack, value)}`).join('')
}

/** The service once, then what may be done there. */
function inWords(rights: Map<string, Set<string>>): Rights {
  return Object.fromEntries(
    [...rights].sort().map(([resource, actions]) => [resource, wordsOf([...actions].sort())]),
  )
}

function wordsOf(actions: string[]): string {
  const byService = Map.groupBy(actions, (action) => action.split(':')[0])
  return [...byService]
    .map(([service, all]) => `${service}: ${all.map((action) => action.split(':')[1]).join(' ')}`)
    .join('; ')
}

export function listOf<Item>(value: Item | Item[]): Item[] {
  return Array.isArray(value) ? value : [value]
}
