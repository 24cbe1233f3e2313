/** Files that nothing can be deployed from, and what their author is told: what is wrong, where, and what to write. */
export interface FaultyApp {
  /** Ends the sentence "An app with …". */
  fault: string
  source: string
  says: RegExp
}

const NAMED = `import { App, Cron } from 'sluice'\nconst app = new App('podcast-search')\n`
const ending = (lines: string) => `${NAMED}${lines}\nexport default app\n`

export const FAULTY_APPS: FaultyApp[] = [
  {
    fault: 'no default export',
    source: `${NAMED}export const greet = app.function(() => 'hello')\n`,
    says: /^✗ faulty\.ts: The file has no app as its default export\. End it with `export default app`/,
  },
  {
    fault: 'a syntax error',
    source: ending('export const greet = app.function(() => 1'),
    says: /faulty\.ts could not be bundled\.\n\n✘ \[ERROR\] Expected "\)" but found "export"\n\n {4}faulty\.ts:4:0:\n {6}4 │ export default app\n {8}│ ~~~~~~\n/,
  },
  {
    fault: 'two functions of one name',
    source: ending(
      `export const greet = app.function(() => 1)\nexport const hail = app.function({ name: 'greet' }, () => 2)`,
    ),
    says: /^✗ faulty\.ts: Two functions are named "greet"\. Rename one of them\.\n$/,
  },
  {
    fault: 'a cron that has four fields',
    source: ending(`export const refresh = app.function({ schedule: Cron('0 6 * *') }, () => {})`),
    says: /^ {2}functions\.refresh\.schedule must have five fields \(minute, .*such as "0 6 \* \* \*", but is "0 6 \* \*"$/m,
  },
  {
    fault: 'a cron at a minute that no hour has, in a zone that is nowhere',
    source: ending(
      `export const late = app.function({ schedule: Cron('61 6 * * *') }, () => {})\nexport const lost = app.function({ schedule: Cron('0 6 * * *', { timezone: 'Mars' }) }, () => {})`,
    ),
    says: /functions\.late\.schedule has "61" as its minute: "61" must be a number from 0 to 59\n {2}functions\.lost\.schedule has the time zone "Mars"/,
  },
  {
    fault: 'cpu and memory that Fargate does not have',
    source: ending(
      `export const wide = app.function({ cpu: 3 }, () => 1)\nexport const small = app.function({ cpu: 1, memory: 512 }, () => 1)`,
    ),
    says: /functions\.wide\.cpu must be one of 0\.25, 0\.5, 1, 2, 4, 8, 16 vCPU\n {2}functions\.small\.memory must be between 2048 and 8192 MiB in Fargate's steps for 1 vCPU; the nearest is 2048\n$/,
  },
  {
    fault: 'an option that is not known',
    source: ending('export const greet = app.function({ memry: 512 }, () => 1)'),
    says: /^✗ faulty\.ts:3:26: app\.function\(…\) has no option "memry"\. Did you mean "memory"\?\n$/,
  },
  {
    fault: 'the address of another app',
    source: ending('').replace(
      `'podcast-search')`,
      `'rival')\nexport const page = app.web({ label: 'podcast-search-site' }, () => new Response())`,
    ),
    says: /^✗ page cannot have the address "podcast-search-site": it is that of podcast-search's site\. Give page another `label`\.\n$/,
  },
  {
    fault: 'a name that would leave a folder',
    source: ending('export const greet = app.function(() => 1)').replace(
      'podcast-search',
      '../podcast-search',
    ),
    says: /^✗ The app is not valid:\n {2}app must be 1 to 64 letters, .*\n$/,
  },
]
