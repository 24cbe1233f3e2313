import { ForwardRequest, type ForwardResult } from '../../protocol/forwarding.ts'

interface ForwardedPorts {
  send(request: ForwardRequest): Promise<ForwardResult>
}

/** Sends a web request to a container: from inside its network, with no right to anything else. */
export function makeWebRequestForwardedHandler({
  send,
}: ForwardedPorts): (event: unknown) => Promise<ForwardResult> {
  return async (event) => send(ForwardRequest.parse(event))
}
