import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkAnswer } from './answers.ts'
import { fuzz } from './fuzzing.ts'
import { type GeneratedRequest, requestsFor } from './generated-request.ts'
import { DEFINITIONS, DOCUMENT, OPERATIONS, type Operation } from './openapi.ts'
import { Scene } from './scene.ts'
import { type Vitals, vitalsOf } from './vitals.ts'

/** How often an operation's turn comes, by how much there is to get wrong. */
const WEIGHTS: Readonly<Record<string, number>> = { deploy: 8, plan: 5, call: 3, next: 3, putSecret: 3 }
const weightOf = ({ id, body }: Operation): number => WEIGHTS[id] ?? (body ? 2 : 1)
const ALL_WEIGHTS = OPERATIONS.reduce((sum, operation) => sum + weightOf(operation), 0)
/** Each operation has its turn twice. */
const shareOf = (operation: Operation): number => weightOf(operation) / ALL_WEIGHTS / 2

/** What caches and compiled code take, and records of what was accepted; a leak per request would be many times that. */
const MOST_GROWTH_BYTES = 60_000_000
const MOST_NEW_DESCRIPTORS = 40

let scene: Scene
let vitals: Vitals
const counted = { sent: 0, refused: 0 }
const accepted = new Set<string>()
before(async () => {
  scene = await Scene.start()
  vitals = await vitalsOf(scene.installation)
})
after(() => scene[Symbol.asyncDispose]())

test('what is served is the document that the requests are made from', async () => {
  assert.deepEqual((await scene.installation.api('GET', '/openapi.json')).body, DOCUMENT)
})

for (const operation of OPERATIONS) {
  test(`${operation.id} refuses what the document does not allow, and changes nothing`, async () => {
    const misfits = requestsFor(operation, scene.fitting).filter(
      (request) => request.parts.method === operation.method && request.misfit(DEFINITIONS) !== undefined,
    )
    scene.watch.look()
    await fuzz(misfits, shareOf(operation), async (batch) => {
      const answers = await answersTo(batch, false)
      // Looked at first: what a smaller batch is tried for afterwards is not blamed for it.
      const change = scene.watch.change()
      for (const [index, status] of answers.entries()) {
        assert.ok(status >= 400, `${status}, although ${batch[index]?.misfit(DEFINITIONS)}`)
      }
      assert.equal(change, undefined, `something has changed: ${change}`)
    })
  })
}

for (const operation of OPERATIONS) {
  test(`${operation.id} answers whatever it is sent as the document says`, async () => {
    await scene.restore()
    await fuzz(requestsFor(operation, scene.fitting), shareOf(operation), async (batch) => {
      await answersTo(batch, true)
    })
    assert.equal((await scene.installation.api('GET', '/v1/me')).status, 200)
  })
}

test('the requests were no mere noise: most operations did what they were asked', (t) => {
  const never = OPERATIONS.filter(({ id }) => !accepted.has(id)).map(({ id }) => id)
  t.diagnostic(`${counted.sent} requests, ${counted.refused} refused; never accepted: ${never.join(', ')}`)
  assert.ok(accepted.size > OPERATIONS.length * 0.8)
})

test('after all of this the control plane has not grown, and reported no failure', async (t) => {
  const { heap, descriptors } = await vitalsOf(scene.installation)
  t.diagnostic(`heap ${vitals.heap} → ${heap} bytes, descriptors ${vitals.descriptors} → ${descriptors}`)
  assert.ok(heap - vitals.heap < MOST_GROWTH_BYTES, `${vitals.heap} bytes have become ${heap}`)
  assert.ok(descriptors - vitals.descriptors < MOST_NEW_DESCRIPTORS, `${vitals.descriptors} → ${descriptors}`)
  assert.doesNotMatch(scene.installation.output, /failed:/)
})

/** Checks each answer, and returns their statuses; that of what was held, as it may be, is 200. */
function answersTo(batch: GeneratedRequest[], mayBeHeld: boolean): Promise<number[]> {
  return Promise.all(
    batch.map(async (request) => {
      const answer = await scene.send(request, mayBeHeld)
      counted.sent += 1
      if (answer && answer.status >= 400) counted.refused += 1
      else accepted.add(request.operation.id)
      if (!answer) return 200
      // An answer to HEAD says the same without a body.
      if (request.parts.method !== 'HEAD') checkAnswer(answering(request), answer, DEFINITIONS, scene.secrets)
      assert.ok(answer.status < 500)
      return answer.status
    }),
  )
}

/** With another method it may be a request for another operation. */
function answering({ operation, parts }: GeneratedRequest): Operation {
  const isIt = ({ method, path }: Operation) => method === parts.method && path === operation.path
  return OPERATIONS.find(isIt) ?? operation
}
