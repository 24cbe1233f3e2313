import { Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'

export interface Right {
  actions: string[]
  resources: string[]
  conditions?: Record<string, Record<string, string>>
  /** Why some of its resources are many, told by a wildcard. */
  because?: string
}

export function allow(role: Role, { because, ...statement }: Right): void {
  role.addToPrincipalPolicy(new PolicyStatement(statement))
  if (because !== undefined) acceptBroad(role, statement.resources, because)
}

/**
 * Accepts cdk-nag's findings of wildcards in these resources. They are named by what the template says, which is known
 * once the references between stacks are settled.
 */
export function acceptBroad(role: Role, resources: string[], reason: string): void {
  role.node.addValidation({
    validate: () => {
      const texts = resources.map((resource) => flattenCfnReference(Stack.of(role).resolve(resource)))
      const ids = texts
        .filter((text) => text.includes('*'))
        .map((text) => `AwsSolutions-IAM5[Resource::${text}]`)
      Validations.of(role).acknowledge(...ids.map((id) => ({ id, reason })))
      return []
    },
  })
}
