import assert from 'node:assert/strict'
import { ERRORS } from '../../protocol/errors.ts'
import { type Definitions, faultIn } from './json-schema.ts'
import type { Operation } from './openapi.ts'

export interface Answer {
  status: number
  type: string
  text: string
}

/** Where code of ours is, and what an engine says of it. */
const INSIDES =
  /node:internal|node_modules|\n\s+at \S|\.[mc]?[jt]s:\d+|SQLITE_|ENOENT|EACCES|TypeError|RangeError/
const PROBLEM = 'application/problem+json'

/** @param secrets what no answer may show */
export function checkAnswer(
  operation: Operation,
  answer: Answer,
  definitions: Definitions,
  secrets: readonly string[],
): void {
  const { status, type, text } = answer
  const told = `${status} ${type} ${text.slice(0, 2_000)}`
  assert.ok(status < 500, `it is our own fault: ${told}`)
  for (const secret of secrets) assert.ok(!text.includes(secret), `it shows a secret: ${told}`)
  if (status >= 400) {
    checkProblem(answer, told)
    return
  }
  const described = operation.answers.get(String(status))
  assert.ok(described, `no such success is described: ${told}`)
  assert.equal(type, described.type)
  if (type !== 'application/json') return
  assert.equal(faultIn(described.schema, JSON.parse(text), definitions, 'the answer'), undefined, told)
}

function checkProblem({ status, type, text }: Answer, told: string): void {
  assert.equal(type, PROBLEM, told)
  const problem = JSON.parse(text)
  assert.equal(problem.status, status)
  assert.ok(Object.hasOwn(ERRORS, problem.code), `the code is none of those that are described: ${told}`)
  assert.ok(problem.detail.length > 0, told)
  assert.doesNotMatch(text, INSIDES)
}
