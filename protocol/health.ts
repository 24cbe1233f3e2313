/**
 * Where a web function's container tells a load balancer that it serves: below a prefix that is set apart for such uses
 * (RFC 8615), so that it takes no path of the author's.
 */
export const HEALTH_PATH = '/.well-known/sluice/health'
