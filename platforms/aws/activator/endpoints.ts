import type { EndpointOwner, Store } from '../../../control/store-port.ts'
import { Records } from '../ingress/records.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { makeStore } from '../store/store.ts'

/** Where a request wants to go. */
export interface Sought {
  host: string
  /** Without the query. */
  path: string
}

export interface FoundEndpoint {
  owner: EndpointOwner
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
    const endpoint = owner && (await records.endpoint({ ...owner, label }))
    if (!endpoint || endpoint.removed) return undefined
    return { owner, path, fault: endpoint.fault, isServed: endpoint.serving !== 'activator' }
  }

  #read({ host, path }: Sought): { label: string; path: string } {
    const { domain } = this.#options
    if (domain !== undefined) return { label: host.toLowerCase().split(/[.:]/, 1)[0] ?? '', path }
    const [, label = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? []
    return { label, path: rest.startsWith('/') ? rest : `/${rest}` }
  }
}
