import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../../../test/e2e/reached.ts'
import { withChildren } from '../cpu-time.ts'
import { freePort, Program } from '../program.ts'
import { isAnswering } from './answering.ts'
import type { Forwarder } from './forwarder.ts'

/** Connections to a server that are kept while nobody uses them. */
const KEPT_ALIVE = 64

/** An nginx of the benchmark's own: one worker, kept-alive connections to the server behind it, no access log. */
export class Nginx implements Forwarder {
  readonly port: number
  readonly #command: string
  readonly #folder: string
  #program: Program | undefined

  private constructor(command: string, port: number, folder: string) {
    this.#command = command
    this.port = port
    this.#folder = folder
  }

  static async start(command: string, target: number): Promise<Nginx> {
    const nginx = new Nginx(command, await freePort(), await mkdtemp(join(tmpdir(), 'sluice-nginx-')))
    await nginx.#configure(target)
    nginx.#program = new Program(command, nginx.#args)
    await until('nginx to answer', () => isAnswering(nginx.port))
    return nginx
  }

  get pids(): number[] {
    return withChildren(this.#program?.pid ?? 0)
  }

  async switchTo(target: number): Promise<void> {
    await this.#configure(target)
    await promisify(execFile)(this.#command, [...this.#args, '-s', 'reload'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.end()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #args(): string[] {
    return ['-p', this.#folder, '-c', 'nginx.conf', '-e', 'error.log']
  }

  #configure(target: number): Promise<void> {
    return writeFile(join(this.#folder, 'nginx.conf'), configuration(this.port, target))
  }
}

function configuration(port: number, target: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000;
  ${temporary.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
  upstream app { server 127.0.0.1:${target}; keepalive ${KEPT_ALIVE}; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }
  }
}
`
}
