import { Entity } from 'dynamodb-toolbox/entity'
import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Container } from '../../../control/model.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'

const DAY_SECONDS = 86_400
/** As CloudWatch keeps logs, unless the operator has chosen otherwise. */
const KEPT_DAYS = 30

/** Which task a container is: by its app, so that its log is found, and by itself, so that it can be stopped. */
export class TaskRecords {
  readonly #ofApps: ReturnType<typeof ofApps>
  readonly #ofContainers: ReturnType<typeof ofContainers>

  readonly #keptSeconds: number

  /** @param keptDays how long the logs of a container can be asked for */
  constructor(table: ResourcesTable, keptDays = KEPT_DAYS) {
    this.#keptSeconds = keptDays * DAY_SECONDS
    this.#ofApps = ofApps(table)
    this.#ofContainers = ofContainers(table)
  }

  async write({ id, env, app, function: name, version, startedAt }: Container, task: string): Promise<void> {
    const expiresAt = Math.ceil(startedAt / 1000) + this.#keptSeconds
    const about = { task, function: name, version, startedAt, expiresAt }
    await Promise.all([
      this.#ofApps
        .build(PutItemCommand)
        .item({ owner: `${env}/${app}`, item: `task#${id}`, ...about })
        .send(),
      this.#ofContainers
        .build(PutItemCommand)
        .item({ ...keyOf(id), task, expiresAt })
        .send(),
    ])
  }

  /** Forgets a container of an app. */
  async remove({ env, app }: AppKey, containerId: string): Promise<void> {
    const ofApp = { owner: `${env}/${app}`, item: `task#${containerId}` }
    await Promise.all([
      this.#ofApps.build(DeleteItemCommand).key(ofApp).send(),
      this.#ofContainers.build(DeleteItemCommand).key(keyOf(containerId)).send(),
    ])
  }

  /** The id of a container's task; undefined if that was never written down. */
  async taskOf(containerId: string): Promise<string | undefined> {
    const request = this.#ofContainers.build(GetItemCommand).key(keyOf(containerId))
    const { Item } = await request.options({ consistent: true }).send()
    return Item?.task
  }
}

function ofApps(table: ResourcesTable) {
  return new Entity({
    name: 'taskOfApp',
    table,
    schema: item({
      owner: string().key(),
      item: string().key(),
      task: string(),
      function: string(),
      version: number(),
      startedAt: number(),
      expiresAt: number(),
    }),
    entityAttribute: false,
    timestamps: false,
  })
}

function ofContainers(table: ResourcesTable) {
  return new Entity({
    name: 'taskOfContainer',
    table,
    schema: item({ owner: string().key(), item: string().key(), task: string(), expiresAt: number() }),
    entityAttribute: false,
    timestamps: false,
  })
}

const keyOf = (containerId: string) => ({ owner: `container/${containerId}`, item: 'task' })
