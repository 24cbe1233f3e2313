import { DeleteMessageCommand, type Message } from '@aws-sdk/client-sqs'
import type { Run } from '../../../contract/worklist.ts'
import { receiveFrom, recordOf, type Scene } from './scene.ts'

/** Does what Lambda's event source mapping does: batches at the same time, and what did not fail is deleted. */
export class Mapping {
  readonly #scene: Scene
  readonly #run: Run
  readonly #busy = new Set<Promise<void>>()

  constructor(made: Scene, run: Run) {
    this.#scene = made
    this.#run = run
  }

  async poll(): Promise<void> {
    const messages = await receiveFrom(this.#scene, 1)
    if (messages.length === 0) return
    const handled = this.#handle(messages).finally(() => this.#busy.delete(handled))
    this.#busy.add(handled)
  }

  async end(): Promise<void> {
    await Promise.all(this.#busy)
  }

  async #handle(messages: Message[]): Promise<void> {
    const { worklist, report, sqs, QueueUrl } = this.#scene
    const answer = await worklist.receive(messages.map(recordOf), { run: this.#run, report })
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    for (const { MessageId = '', ReceiptHandle } of messages) {
      if (!failed.has(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    }
  }
}
