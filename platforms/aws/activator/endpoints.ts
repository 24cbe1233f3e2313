import { hash } from 'node:crypto'
import type { WaitedFor } from '../../../control/call-store-port.ts'
import { stagedLabel } from '../../../control/labels.ts'
import type { Store } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { EndpointItem } from '../ingress/items.ts'
import { Records } from '../ingress/records.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { makeStore } from '../store/store.ts'

const NUMBER = /^[1-9]\d{0,8}$/
const sha256 = (text: string): string => hash('sha256', text)

/** Where a request wants to go. */
export interface Sought {
  host: string
  /** Without the query. */
  path: string
  /** The version that alone may answer it, where it asks for one. */
  version?: string
}

export interface FoundEndpoint {
  owner: WaitedFor
  /** The version that serves it. */
  version: number
  /** What the container is to see of the path. */
  path: string
  /** Why there will be no container. */
  fault: string | undefined
  /** Whether requests go to containers by themselves. */
  isServed: boolean
}

/** Tells by the address whose request it is. */
export interface Endpoints {
  find(sought: Sought): Promise<FoundEndpoint | undefined>
}

export function makeEndpoints(settings: Settings): Endpoints {
  return new RecordedEndpoints({
    records: new Records(resourcesTable(settings)),
    store: makeStore(settings),
    domain: settings.optional('ingressDomain'),
  })
}

interface RecordedEndpointsOptions {
  records: Pick<Records, 'endpoint'>
  store: Pick<Store, 'label'>
  domain: string | undefined
}

export class RecordedEndpoints implements Endpoints {
  readonly #options: RecordedEndpointsOptions

  constructor(options: RecordedEndpointsOptions) {
    this.#options = options
  }

  async find(sought: Sought): Promise<FoundEndpoint | undefined> {
    const { records, store } = this.#options
    const { label, path } = this.#read(sought)
    const owner = await store.label(label)
    const own = owner && (await records.endpoint({ ...owner, label }))
    const endpoint = own && (await this.#thatOf(own, owner, sought.version))
    if (!endpoint || endpoint.removed) return undefined
    const { version, function: name, staged, fault, serving } = endpoint
    const whom = { ...owner, function: name, ...(staged && { pin: version }) }
    return { owner: whom, version, path, fault, isServed: serving !== 'activator' }
  }

  /** Of a label that several versions answer at, the one that is asked for; the label's own, where it is none of them. */
  async #thatOf(own: EndpointItem, owner: AppKey, asked: string | undefined): Promise<EndpointItem> {
    if (asked === undefined || !NUMBER.test(asked) || own.version === Number(asked)) return own
    const label = stagedLabel(sha256, own.label, Number(asked))
    const staged = await this.#options.records.endpoint({ ...owner, label })
    return staged && !staged.removed && staged.alias === own.label ? staged : own
  }

  #read({ host, path }: Sought): { label: string; path: string } {
    const { domain } = this.#options
    if (domain !== undefined) return { label: host.toLowerCase().split(/[.:]/, 1)[0] ?? '', path }
    const [, label = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? []
    return { label, path: rest.startsWith('/') ? rest : `/${rest}` }
  }
}
