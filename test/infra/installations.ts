/** Kinds of installations, which together have every resource that there can be. */
export const INSTALLATIONS: Record<string, Record<string, string | undefined>> = {
  'as a newcomer deploys them': { domain: undefined, certificate: undefined, runnerImage: undefined },
  'with all that can be chosen': {
    hostedZone: 'Z0123456789ABC',
    ingressShards: '2',
    privateSubnets: 'true',
    runnerImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/runner:1',
    architecture: 'x86_64',
    accessLogs: 'logs-of-load-balancers',
    alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:pager',
    runtimeConcurrency: '50',
    deletionProtection: 'true',
  },
  'to be thrown away': { removalPolicy: 'destroy' },
}
