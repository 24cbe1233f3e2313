/** Bounds that both ends of a request know. Apart from the schemas, so that an author's bundle carries no validator. */

/** Payloads above this travel as blobs: it fits a DynamoDB item (400 KB) with room to spare. */
export const INLINE_PAYLOAD_BYTES = 100_000
/** Bodies above this are refused: Lambda takes 6 MB for a synchronous invocation. */
export const MAX_BODY_BYTES = 5_000_000
/** The longest that a caller may ask to be held, seconds: an HTTP API cuts at 30. */
export const MAX_WAIT_SECONDS = 25
