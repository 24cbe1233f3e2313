import { Annotations, type App } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { z } from 'zod'
import { nearest } from '../protocol/nearest.ts'
import { DAY_MS, DEFAULT_RETENTION } from '../protocol/retention.ts'

/** The handlers are told of each shard in an environment variable, and Lambda takes 4 KB of those in all. */
const MOST_SHARDS = 5
/** Keys that belong to the CDK and its command line. */
const CDK_OWN = /^@|^aws:|^aws-cdk:|:account=|^(cli-telemetry|acknowledged-issue-numbers)$/
/** Somebody may think that our keys are marked like those of the CDK. */
const PREFIX = /^sluice:/

const RETENTIONS = Object.values(RetentionDays).filter((days) => typeof days === 'number')
const yesOrNo = z.union([z.boolean(), z.stringbool()], 'must be true or false')
const count = (most: number) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most}`)

const days = (ms: number) => count(3_650).default(ms / DAY_MS)

/** What an operator may choose, each as `-c key=value` or under `context` in cdk.json. */
const Context = z
  .object({
    /** Web endpoints are served at names below it; without one, at paths of the load balancer's own name. */
    domain: z
      .string()
      .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a domain such as apps.example.com')
      .optional(),
    /** For `*.<domain>`, in the region of the stacks. */
    certificate: z
      .string()
      .regex(
        /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
        'must be the ARN of a certificate, such as arn:aws:acm:eu-west-1:111122223333:certificate/1234',
      )
      .optional(),
    /** Where the names of endpoints are written. */
    hostedZone: z
      .string()
      .regex(/^Z[A-Z0-9]+$/, "must be a hosted zone's id, such as Z0123456789ABC")
      .optional(),
    /** Containers have no public address, and reach the internet through NAT gateways. */
    privateSubnets: yesOrNo.default(false),
    /** Load balancers, of about 50 web endpoints each. */
    ingressShards: count(MOST_SHARDS).default(1),
    logRetentionDays: z.coerce
      .number('must be a number')
      .refine(
        (days) => RETENTIONS.includes(days),
        `must be one that CloudWatch knows: ${RETENTIONS.slice(0, 10).join(', ')} and so on`,
      )
      .default(RetentionDays.ONE_MONTH),
    /** So many of an app's newest versions are kept, and those that are younger than so many days. */
    keepVersions: count(1_000).default(DEFAULT_RETENTION.versions),
    keepVersionDays: days(DEFAULT_RETENTION.versionMs),
    /** A stopped app can be started again for so many days. */
    keepStoppedDays: days(DEFAULT_RETENTION.stoppedMs),
    /** Contents that no version refers to, such as a call's large result. */
    keepUnusedDays: days(DEFAULT_RETENTION.blobMs),
    /** What becomes of tables, contents and keys when the stacks are destroyed. */
    removalPolicy: z.enum(['retain', 'destroy'], 'must be "retain" or "destroy"').default('retain'),
    /** Load balancers and tables refuse to be deleted, and so does the stack that holds the data. */
    deletionProtection: yesOrNo.default(false),
    /** The web console, behind CloudFront. */
    console: yesOrNo.default(true),
    /** URI of an image of the runner; without one it is built from runner/Dockerfile. */
    runnerImage: z.string().min(1, 'must be the URI of an image').optional(),
    /** Of containers. */
    architecture: z.enum(['arm64', 'x86_64'], 'must be "arm64" or "x86_64"').default('arm64'),
    /**
     * Concurrent executions that are kept for containers' requests, and that these cannot exceed. None unless told: an
     * account must be left 100 that nobody has reserved, and a new one has 10 in all (Lambda, "Configuring reserved
     * concurrency").
     */
    runtimeConcurrency: count(10_000).optional(),
    /** Bucket for the load balancers' access logs; its policy must let Elastic Load Balancing write. */
    accessLogs: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket's name")
      .optional(),
    /** Topic that is told of every alarm. */
    alarmTopic: z
      .string()
      .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, 'must be the ARN of an SNS topic')
      .optional(),
  })
  .superRefine(({ domain, certificate, hostedZone, ingressShards }, { addIssue }) => {
    const needsDomain = (key: string) =>
      addIssue({ code: 'custom', path: [key], message: 'is of no use without domain: add -c domain=…' })
    if (certificate !== undefined && domain === undefined) needsDomain('certificate')
    if (hostedZone !== undefined && domain === undefined) needsDomain('hostedZone')
    if (ingressShards > 1 && hostedZone === undefined) {
      addIssue({
        code: 'custom',
        path: ['ingressShards'],
        message:
          'needs a hosted zone, since a name then says which load balancer an endpoint is at: add -c domain=… -c hostedZone=…',
      })
    }
  })

export type Context = z.output<typeof Context>

/** The operator's choices. Each that is wrong becomes an error of the synthesis, which names it and ends there. */
export function readContext(app: App): Context {
  const given = Object.entries<unknown>(app.node.getAllContext()).filter(([key]) => !CDK_OWN.test(key))
  const unknown = given.flatMap(([key]) => (Object.hasOwn(Context.shape, key) ? [] : [unknownKey(key)]))
  const parsed = Context.safeParse(Object.fromEntries(given))
  const wrong = parsed.error?.issues.map((issue) => describe(issue, new Map(given))) ?? []
  for (const fault of [...unknown, ...wrong]) Annotations.of(app).addError(fault)
  return parsed.data ?? Context.parse({})
}

function unknownKey(key: string): string {
  const keys = Object.keys(Context.shape)
  const near = nearest(key.replace(PREFIX, ''), keys)
  const hint = near ? `Did you mean "${near}"?` : `There are ${keys.join(', ')}.`
  return `There is no context key "${key}". ${hint}`
}

function describe({ path, message }: z.core.$ZodIssue, given: Map<string, unknown>): string {
  const key = String(path[0])
  return `The context key "${key}", which is ${JSON.stringify(given.get(key))}, ${message}.`
}
