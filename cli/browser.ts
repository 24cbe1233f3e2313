import { spawn } from 'node:child_process'

/** What opens an address that runs on for so long has found a browser: some stay until that is closed. */
const SETTLED_MS = 3_000

/** Without a shell, which would take parts of an address for its own. */
const OPENERS: Partial<Record<NodeJS.Platform, [program: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}
const OTHERS: [string] = ['xdg-open']

/** Shows a page in the browser of whoever sits at this machine. False where there is none. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, ...words] = OPENERS[process.platform] ?? OTHERS
  const child = spawn(program, [...words, url], { detached: true, stdio: 'ignore' })
  return new Promise((resolve) => {
    const settled = setTimeout(() => settle(true), SETTLED_MS)
    function settle(isOpen: boolean) {
      clearTimeout(settled)
      child.unref()
      resolve(isOpen)
    }
    child.once('error', () => settle(false))
    child.once('exit', (code) => settle(code === 0))
  })
}
