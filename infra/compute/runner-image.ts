import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import type { Construct } from 'constructs'
import { writeImageContext } from '../../runner/bundle.ts'
import type { Context } from '../context.ts'

/** An image in Elastic Container Registry, whose repository the execution role must be let into. */
const IN_ECR =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<name>[^:@]+)[:@]?(?<tag>.*)$/

/** The operator's image, or one that is built with the stacks. */
export function runnerImage(scope: Construct, { runnerImage, architecture }: Context): ContainerImage {
  return runnerImage === undefined ? builtImage(scope, architecture) : givenImage(scope, runnerImage)
}

function builtImage(scope: Construct, architecture: Context['architecture']): ContainerImage {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-runner-'))
  try {
    writeImageContext(directory)
    const platform = architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64
    return ContainerImage.fromDockerImageAsset(new DockerImageAsset(scope, 'Image', { directory, platform }))
  } finally {
    // The asset is a copy.
    rmSync(directory, { recursive: true })
  }
}

function givenImage(scope: Construct, uri: string): ContainerImage {
  const { account, region, name, tag } = IN_ECR.exec(uri)?.groups ?? {}
  if (!account || !region || !name) return ContainerImage.fromRegistry(uri)
  const repository = Repository.fromRepositoryAttributes(scope, 'Repository', {
    repositoryName: name,
    repositoryArn: Stack.of(scope).formatArn({
      service: 'ecr',
      region,
      account,
      resource: 'repository',
      resourceName: name,
    }),
  })
  return ContainerImage.fromEcrRepository(repository, tag || 'latest')
}
