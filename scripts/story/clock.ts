/** What Node is told to begin with, so that its clock is so many milliseconds slow. */
export function slowClock(ms: number): string {
  const code = `const Now = Date
    globalThis.Date = class extends Now {
      constructor(...given) { given.length > 0 ? super(...given) : super(Now.now() - ${ms}) }
      static now() { return Now.now() - ${ms} }
    }`
  return `--import=data:text/javascript,${encodeURIComponent(code)}`
}
