import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, DeleteObjectsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Agent, fetch, type RequestInit, type Response } from 'undici'
import { randomPrefix } from '../platforms/aws/account.ts'
import { template } from './site-template.ts'

const PATIENCE = { maxWaitTime: 30, minDelay: 1, maxDelay: 1 }
const ARCHIVE = 'files.zip'
const formation = new CloudFormationClient()
const s3 = new S3Client({ forcePathStyle: true })
/** The emulator's certificate is nobody's to check. */
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })

/** Files behind a distribution, and beside them an HTTP API that tells what it is asked. */
export class Site {
  readonly #name = randomPrefix().slice(0, -1)
  readonly #bucket = `${this.#name}-archives`
  readonly #keys: string[] = []
  address = ''

  async make(files: Record<string, string>): Promise<this> {
    this.#keys.push(...Object.keys(files))
    await s3.send(new CreateBucketCommand({ Bucket: this.#bucket }))
    const Body = await zip(files)
    await s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: ARCHIVE, Body }))
    const TemplateBody = JSON.stringify(template({ name: this.#name, bucket: this.#bucket, key: ARCHIVE }))
    await formation.send(new CreateStackCommand({ StackName: this.#name, TemplateBody }))
    await waitUntilStackCreateComplete({ client: formation, ...PATIENCE }, { StackName: this.#name })
    const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: this.#name }))
    this.address = Stacks[0]?.Outputs?.[0]?.OutputValue ?? ''
    return this
  }

  async get(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`https://${this.address}${path}`, { redirect: 'manual', dispatcher, ...init })
  }

  async getWithoutTls(path: string): Promise<Response> {
    return fetch(`http://${this.address}${path}`, { redirect: 'manual' })
  }

  async delete(): Promise<void> {
    const Objects = this.#keys.map((Key) => ({ Key }))
    await s3.send(new DeleteObjectsCommand({ Bucket: `${this.#name}-files`, Delete: { Objects } }))
    await formation.send(new DeleteStackCommand({ StackName: this.#name }))
    await waitUntilStackDeleteComplete({ client: formation, ...PATIENCE }, { StackName: this.#name })
  }
}

async function zip(files: Record<string, string>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-site-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    const roots = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))]
    execFileSync('python3', ['-m', 'zipfile', '-c', ARCHIVE, ...roots], { cwd: folder })
    return await readFile(join(folder, ARCHIVE))
  } finally {
    await rm(folder, { recursive: true })
  }
}
