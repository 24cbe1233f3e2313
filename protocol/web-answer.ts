import { type ErrorCode, type Problem, SluiceError } from './errors.ts'

/** What an ingress answers in its own name. */
export interface WebAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Problem details, or a page for whoever prefers one. Leaves no trace of a version. */
export function webAnswer(accept: string, code: ErrorCode, detail: string): WebAnswer {
  const problem = new SluiceError(code, detail).toProblem()
  const [type, body] = prefersPage(accept)
    ? ['text/html; charset=utf-8', page(problem)]
    : ['application/problem+json', JSON.stringify(problem)]
  return { status: problem.status, headers: { 'content-type': type, 'cache-control': 'no-store' }, body }
}

function prefersPage(accept: string): boolean {
  return quality(accept, 'text/html') > quality(accept, 'application/json')
}

/** How much an `Accept` header wants exactly this type, 0 to 1 (RFC 9110, section 12.5.1). */
function quality(accept: string, type: string): number {
  for (const range of accept.split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight ? Number(weight.slice(2)) || 0 : 1
  }
  return 0
}

const page = ({ status, title, detail }: Problem): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status} ${escaped(title)}</title>
<body style="font: 16px/1.5 system-ui; max-width: 40em; margin: 20vh auto; padding: 0 1em">
<h1 style="font-size: 1.5em">${escaped(title)}</h1>
<p>${escaped(detail)}</p>
<p><small>${status} from Sluice’s ingress</small></p>
</body>
</html>
`

/** The detail may quote the request. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
