/** Which app is meant. Apart from the other names, whose schemas take a command line as long to load as all else. */

export const DEFAULT_ENV = 'main'

export interface AppKey {
  env: string
  app: string
}

/** How people write an app: `podcast-search`, or `staging/podcast-search` outside the default environment. */
export function appLabel({ env, app }: AppKey): string {
  return env === DEFAULT_ENV ? app : `${env}/${app}`
}
