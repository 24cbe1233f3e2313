import { parseXML } from '@aws-sdk/xml-builder'
import * as z from 'zod'

/** Ten messages, the most that one answer carries, are a fifth of it. */
const MOST_CHARACTERS = 64_000

const Message = z.object({
  Body: z.string().regex(/^ca-[0-9a-z]{1,40}$/),
  ReceiptHandle: z.string().regex(/^\S{1,2048}$/),
})
export type Message = z.infer<typeof Message>

/** What SQS answers to a GET of `ReceiveMessage`, as `parseXML` gives it: an element that is empty is a text. */
const Answer = z.object({
  ReceiveMessageResponse: z.object({
    ReceiveMessageResult: z.union([
      z.literal('').transform(() => []),
      z.object({ Message: z.array(Message) }).transform(({ Message: messages }) => messages),
      z.object({ Message }).transform(({ Message: message }) => [message]),
    ]),
  }),
})

/**
 * The messages in the answer to a wait, as the container that waited repeats it; undefined if it is no such answer.
 * Nothing vouches for them: a container may say that it was told of any call.
 */
export function messagesIn(wake: string): Message[] | undefined {
  if (wake.length > MOST_CHARACTERS) return undefined
  try {
    return Answer.safeParse(parseXML(wake)).data?.ReceiveMessageResponse.ReceiveMessageResult
  } catch {
    return undefined
  }
}
