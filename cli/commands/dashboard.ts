import type { Command } from 'commander'
import { DEFAULT_ENV } from '../../protocol/app-key.ts'
import type { Api } from '../../sdk/api.ts'
import { ConfigurationError } from '../../sdk/errors.ts'
import { type AppReference, parseApp } from '../app-name.ts'
import { openBrowser } from '../browser.ts'
import { connect } from '../connect.ts'
import { type CommonOptions, type EnvOption, withEnv } from '../conventions.ts'
import { describeSender } from '../sender.ts'
import { print, printDone, printJson, printNote } from '../terminal.ts'

interface Options extends CommonOptions, EnvOption {
  open?: boolean
}

/** The same as `app dashboard`. */
export function registerDashboard(parent: Command): void {
  withEnv(parent.command('dashboard'))
    .description('open the web console, signed in as who you are here')
    .argument('[app]', 'the app to look at; otherwise, all of the environment', parseApp)
    .option('--open', 'open a browser (default: on a terminal)')
    .option('--no-open', 'print the link instead; it is good once, for a minute')
    .action(dashboard)
}

async function dashboard(reference: AppReference | undefined, options: Options): Promise<void> {
  const api = connect(options)
  const sender = await api.send('whoAmI')
  const page = pageOf(api, sender, reference)
  const { code, expiresAt } = await api.send('openSession', { body: {} })
  const link = signInLink(page, code)
  if (options.json) return printJson({ url: link, expiresAt })
  const isWanted = options.open ?? process.stdout.isTTY
  if (isWanted && (await openBrowser(link))) {
    printDone(`Opened ${page.href} as ${describeSender(sender)}.`)
    return
  }
  print(link)
  printNote(`Open it within a minute. It signs in once, as ${describeSender(sender)}.`)
}

/** @throws ConfigurationError where there is no console */
function pageOf(
  api: Api,
  { console, env: own }: { console?: string | undefined; env?: string | undefined },
  reference: AppReference | undefined,
): URL {
  const base = console !== undefined && URL.canParse(console) ? new URL(console) : undefined
  // What is opened is for a browser, whatever a control plane says.
  if (!base || !/^https?:$/.test(base.protocol))
    throw new ConfigurationError(`${api.config.url} serves no web console.`)
  const env = reference?.env ?? api.config.env ?? own ?? DEFAULT_ENV
  const names = reference ? [env, reference.app] : [env]
  return new URL(`/apps/${names.map(encodeURIComponent).join('/')}`, base)
}

/** What follows the number sign is for the page alone: it reaches neither a server nor its log. */
function signInLink(page: URL, code: string): string {
  const link = new URL('/sign-in', page)
  link.hash = new URLSearchParams({ code, to: page.pathname }).toString()
  return link.href
}
