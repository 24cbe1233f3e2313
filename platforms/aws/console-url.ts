import type { Settings } from './settings.ts'

/** Where the stacks serve the web console; they may leave it out. */
export const makeConsoleUrl = (settings: Settings): string | undefined => settings.optional('consoleUrl')
