import { type ContainerDefinition, ECSClient } from '@aws-sdk/client-ecs'
import type { ProcessExit } from '../../../../control/containers.ts'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { FargateCompute, makeCompute } from '../../../../platforms/aws/compute/compute.ts'
import { TaskRecords } from '../../../../platforms/aws/compute/task-records.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { readTaskChange } from '../../../../platforms/aws/task-change.ts'
import { makeTable } from '../account.ts'
import { makeCluster } from './clusters.ts'

/** A cluster and a table of its own, and any number of computes that share them, each as in a process of its own. */
export async function computeScene(container: Partial<ContainerDefinition>, apiUrl = 'http://api.test') {
  const [table, cluster] = await Promise.all([makeTable('resources'), makeCluster(container)])
  const settings = fromVariables(
    toVariables({
      apiUrl,
      resourcesTable: table.name,
      cluster: cluster.name,
      taskDefinition: cluster.taskDefinition,
      taskSubnets: 'subnet-1,subnet-2',
      taskSecurityGroup: 'sg-1',
      taskPublicIp: 'ENABLED',
    }),
  )
  const exits: [string, ProcessExit][] = []
  const exited = async (id: string): Promise<ProcessExit> => {
    for (;;) {
      const exit = exits.find(([exited]) => exited === id)?.[1]
      if (exit) return exit
      for (const event of await cluster.nextEvents()) {
        const stopped = readTaskChange(event)
        if (stopped) exits.push([stopped.id, stopped.exit])
      }
    }
  }
  const records = new TaskRecords(resourcesTable(settings))
  const begin = () => {
    const ecs = new ECSClient(CLIENT_SETTINGS)
    const resources = resourcesTable(settings)
    const compute = new FargateCompute({ ecs, records: new TaskRecords(resources), settings })
    return { compute, ecs, database: resources.getDocumentClient() }
  }
  return {
    ...cluster,
    compute: makeCompute(settings),
    begin,
    records,
    exits,
    exited,
    firstLine: async (id: string) => cluster.firstLine((await records.taskOf(id)) ?? ''),
    close: async () => {
      await Promise.all([table.delete(), cluster.close()])
    },
  }
}
