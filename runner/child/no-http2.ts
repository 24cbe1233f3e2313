/**
 * Stands for `node:http2` in the runner. Requests come by HTTP/1.1 only, and to load the real one, which is asked for by the
 * adapter between Node.js and `Request`, takes as long as half the start of a process.
 */

export class Http2ServerRequest {}

export const constants = {}
