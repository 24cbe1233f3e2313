import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { App, Stack } from 'aws-cdk-lib'
import { addStacks } from '../../infra/installation.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
const FLAGS = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context
/** As an operator should have it, so that nothing is warned of. */
const CHOICES = {
  domain: 'apps.example.com',
  certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/1234',
  runnerImage: 'registry.example.com/runner:1',
}
const STACKS = ['Network', 'Data', 'Compute', 'Ingress', 'Control']

interface Template {
  Resources: Record<string, Found>
  Outputs?: Record<string, { Value: unknown }>
}

interface Found {
  Type: string
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has properties of its own
  Properties: any
  Metadata: { 'aws:cdk:path': string }
  DependsOn?: string | string[]
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export interface Resource extends Found {
  stack: string
  /** Where it is in the tree of constructs, such as `Data/Blobs`. */
  path: string
}

/** The app as it is before it was synthesized: the code of handlers is left aside, since that takes its time. */
export function newApp(context: Record<string, unknown> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-cdk-'))
  after(() => rmSync(outdir, { recursive: true, force: true }))
  const app = new App({
    outdir,
    context: {
      ...FLAGS,
      ...CHOICES,
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:enable-path-metadata': true,
      ...context,
    },
  })
  addStacks(app)
  return app
}

/** What CloudFormation would be given. */
export class Synthesis {
  readonly app: App
  readonly resources: Resource[]
  /** Where the templates and the code of handlers are. */
  readonly folder: string
  readonly #templates: Map<string, Template>

  constructor(context?: Record<string, unknown>) {
    this.app = newApp(context)
    const assembly = this.app.synth()
    this.folder = assembly.directory
    this.#templates = new Map(
      STACKS.map((stack) => [stack, assembly.getStackByName(`Sluice${stack}`).template]),
    )
    this.resources = [...this.#templates].flatMap(([stack, { Resources }]) =>
      Object.values(Resources).map((resource) => ({ ...resource, stack, path: pathOf(resource) })),
    )
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.Type === type)
  }

  /** Without those of the CDK, which come with what they do: the console's files, and the emptying of buckets. */
  functions(): Resource[] {
    return this.ofType('AWS::Lambda::Function').filter(({ path }) => !path.includes('/Custom::'))
  }

  at(path: string): Resource {
    const found = this.resources.find((resource) => resource.path === path)
    if (!found)
      throw new Error(`There is no ${path} among ${this.resources.map(({ path }) => path).join(', ')}`)
    return found
  }

  stack(name: string): Stack {
    return Stack.of(this.app.node.findChild(`Sluice${name}`))
  }

  /** Text of a template, where each reference has become the path of what it refers to. */
  text(stack: string, value: unknown): string {
    if (typeof value !== 'object' || value === null) return String(value)
    // biome-ignore lint/suspicious/noExplicitAny: what an intrinsic function takes depends on the function
    const [[kind, about] = ['', '']] = Object.entries<any>(value)
    switch (kind) {
      case 'Ref':
        return about.startsWith('AWS::') ? about.slice(5).toLowerCase() : this.#pathIn(stack, about)
      case 'Fn::GetAtt':
        return this.#pathIn(stack, about[0])
      case 'Fn::Join':
        return about[1].map((part: unknown) => this.text(stack, part)).join(about[0])
      case 'Fn::GetStackOutput': {
        const producer = about.StackName.replace('Sluice', '')
        return this.text(producer, this.#templates.get(producer)?.Outputs?.[about.OutputName]?.Value)
      }
      default:
        return JSON.stringify(value)
    }
  }

  outputs(stack: string): Record<string, string> {
    const outputs = Object.entries(this.#templates.get(stack)?.Outputs ?? {})
    return Object.fromEntries(outputs.map(([name, { Value }]) => [name, this.text(stack, Value)]))
  }

  #pathIn(stack: string, logicalId: string): string {
    const resource = this.#templates.get(stack)?.Resources[logicalId]
    if (!resource) throw new Error(`${stack} has no resource ${logicalId}`)
    return pathOf(resource)
  }
}

function pathOf({ Metadata }: Found): string {
  return Metadata['aws:cdk:path'].replace(/^Sluice/, '').replace(/\/(Resource|Default)$/, '')
}
