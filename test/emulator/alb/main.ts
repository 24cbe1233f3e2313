/** The data plane of the load balancers: serves what the emulator at AWS_ENDPOINT_URL says, for as long as it runs. */

import { Front } from './front.ts'
import { follow } from './state.ts'

const { AWS_ENDPOINT_URL: endpoint } = process.env
if (!endpoint) throw new Error('AWS_ENDPOINT_URL says where the emulator is, and is not set.')

const front = new Front(endpoint)
for await (const state of follow(endpoint)) {
  await front.serve(state)
  console.log(`Serving ${state.listeners.length} listeners.`)
}
