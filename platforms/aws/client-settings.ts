/** For every SDK client: throttling slows it down instead of failing it. */
export const CLIENT_SETTINGS = { retryMode: 'adaptive', maxAttempts: 6 } as const
