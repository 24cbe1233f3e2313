import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { SearchResult } from './searching.ts'
import type { EpisodeFacts } from './transcript.ts'

export interface SiteParts {
  /** Folders whose files are served, by the path that they are served at. */
  folders: Record<string, string>
  search(query: string): Promise<SearchResult>
  episodes(): Promise<{ edition: string; episodes: EpisodeFacts[] }>
  /** Shown in the footer, so that a redeploy is seen. */
  version: string
}

interface StaticFile {
  body: Uint8Array<ArrayBuffer>
  type: string
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}
const LONGEST_QUERY = 200
const HEADERS = {
  'content-security-policy': "default-src 'self'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
}

/** The web endpoint: the page, its files, and a small JSON API. */
export function makeSite(parts: SiteParts): (request: Request) => Promise<Response> {
  let files: Promise<Map<string, StaticFile>> | undefined

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return problem(405, 'Only GET is understood here.')
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/api/search') return search(parts, searchParams.get('q') ?? '')
    if (pathname === '/api/episodes') return json({ version: parts.version, ...(await parts.episodes()) })
    files ??= readFolders(parts.folders)
    const file = (await files).get(pathname === '/' ? '/assets/index.html' : pathname)
    if (!file) return problem(404, `There is nothing at ${pathname}.`)
    return new Response(file.body, { headers: { ...HEADERS, 'content-type': file.type } })
  }
}

async function search({ search, version }: SiteParts, query: string): Promise<Response> {
  if (query.trim() === '') return problem(400, 'Say what to search for: /api/search?q=liberty')
  if (query.length > LONGEST_QUERY) return problem(400, `A query has at most ${LONGEST_QUERY} characters.`)
  return json({ version, ...(await search(query)) })
}

/** Only what was found here is ever served, so no path can lead out of the folders. */
async function readFolders(folders: Record<string, string>): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  for (const [at, folder] of Object.entries(folders)) {
    for (const name of await readdir(folder)) {
      const type = TYPES[extname(name)] ?? 'application/octet-stream'
      files.set(`${at}/${name}`, { body: await readFile(join(folder, name)), type })
    }
  }
  return files
}

function json(body: unknown): Response {
  return Response.json(body, { headers: HEADERS })
}

function problem(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: HEADERS })
}
