/** Who may import whom. Each rule's comment is what a contributor reads when it is broken: what to import instead. */

import swc from '@swc/core'
import { Visitor } from '@swc/core/Visitor.js'

/** The parser is not told that some files hold JSX. */
const parseFile = swc.parseFileSync
swc.parseFileSync = (file, options) => parseFile(file, { ...options, tsx: file.endsWith('.tsx') })

/** The parser knows `using`, its visitor does not yet, and would refuse the whole file. */
const visitStatement = Visitor.prototype.visitStatement
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement)
  return { ...statement, decls: this.visitVariableDeclarators(statement.decls) }
}

const lib = (name) => `^node_modules/(@types/)?${name}/`
const EVERY_LIB = '^node_modules/'
/** All of lambdas/ but the entries, which belong to AWS. */
const HANDLERS = '^lambdas/(?!(api|events|runtime)/)'
/** How the runner becomes a program of its own, for whoever starts containers. */
const RUNNER_BUNDLE = '^runner/bundle\\.ts$'
/** The processes that start something; whatever none of them reaches is dead. */
const ENTRIES = [
  '^cli/sluice\\.mjs$',
  '^cli/main\\.ts$',
  '^console/(main\\.tsx|vite\\.config\\.ts)$',
  '^runner/(main|child|child/no-http2)\\.ts$',
  '^sdk/index\\.ts$',
  '^sdk/deploy/describe-child\\.ts$',
  '^infra/main\\.ts$',
  '^lambdas/(api|events|runtime)/',
  // What infra/bundle.ts puts into each of these in place of a package.
  '^platforms/aws/lambda-credentials\\.ts$',
  '^scripts/',
]

const rooms = [
  {
    room: 'protocol',
    mayImport: [lib('zod'), lib('croner'), lib('fastest-levenshtein')],
    instead:
      'protocol/ is imported by everybody and imports nobody. Move what you need here, if it travels between two processes; otherwise keep it in the room that uses it.',
  },
  {
    room: 'control',
    mayImport: ['^protocol/'],
    node: false,
    instead:
      'control/ is pure: it knows protocol/ and its own ports. Ask for what you need as a method of a port in control/ports.ts, and let each platform implement it.',
  },
  {
    room: 'platforms/local',
    mayImport: ['^control/', '^protocol/', HANDLERS, RUNNER_BUNDLE, EVERY_LIB],
    instead:
      'A platform implements control/ports.ts and serves lambdas/handlers/. What two platforms share belongs in control/ or protocol/; a platform never imports the other.',
  },
  {
    room: 'platforms/aws',
    mayImport: ['^control/', '^protocol/', EVERY_LIB],
    instead:
      'A platform implements control/ports.ts. What two platforms share belongs in control/ or protocol/; a platform never imports the other.',
  },
  {
    room: 'lambdas',
    from: HANDLERS,
    mayImport: ['^control/', '^protocol/', lib('@middy'), lib('aws-lambda'), lib('zod'), lib('zod-openapi')],
    instead:
      'A handler is made from ports: take them as an argument and call a use-case of control/. Only the entries in api/, events/ and runtime/ may name a platform.',
  },
  {
    room: 'lambdas entries',
    own: '^lambdas/',
    from: '^lambdas/(api|events|runtime)/',
    mayImport: ['^control/', '^protocol/', '^platforms/aws/', lib('aws-lambda')],
    instead: 'An entry joins a handler of lambdas/handlers/ to the ports of platforms/aws, in one statement.',
  },
  {
    room: 'infra',
    mayImport: [
      '^protocol/',
      '^platforms/aws/(settings|tables)\\.ts$',
      RUNNER_BUNDLE,
      lib('aws-cdk-lib'),
      lib('constructs'),
      lib('cdk-nag'),
      lib('esbuild'),
      lib('zod'),
    ],
    instead:
      'infra/ refers to handlers by their path; it takes the routes from protocol/, and the tables and the names of environment variables from platforms/aws.',
  },
  {
    room: 'runner',
    from: '^runner/(?!bundle\\.ts$)',
    mayImport: ['^protocol/', lib('ws'), lib('@hono/node-server')],
    instead:
      'The runner lives in every container and knows only the runtime API: import its shapes from protocol/runtime.ts, and ask the control plane over HTTP.',
  },
  {
    room: 'runner bundle',
    own: '^runner/',
    from: RUNNER_BUNDLE,
    mayImport: [lib('esbuild')],
    instead:
      'This file makes the runner into a program, and is no part of it: it uses the bundler and nothing else.',
  },
  {
    room: 'sdk',
    from: '^sdk/(?!deploy/)',
    mayImport: ['^protocol/', lib('aws4fetch')],
    instead:
      'The SDK is part of every author’s bundle, so it stays small: import shapes from protocol/ and use what Node.js has.',
  },
  {
    room: 'sdk deploy',
    own: '^sdk/',
    from: '^sdk/deploy/',
    mayImport: ['^protocol/', lib('esbuild')],
    instead:
      'Deploying from code is loaded only when it is asked for, and adds the bundler to what the SDK may use, nothing else.',
  },
  {
    room: 'cli',
    from: '^cli/(?!commands/(up|down)\\.ts$)',
    mayImport: ['^protocol/', '^sdk/', EVERY_LIB],
    instead:
      'The CLI speaks the public HTTP API: use the routes of protocol/routes.ts through its client. Only cli/commands/up.ts and down.ts may import platforms/local.',
  },
  {
    room: 'cli up and down',
    own: '^cli/',
    from: '^cli/commands/(up|down)\\.ts$',
    mayImport: ['^protocol/', '^sdk/', '^platforms/local/', EVERY_LIB],
    instead:
      '`sluice up` starts platforms/local as a whole: import its entry, and give it what it needs as arguments.',
  },
  {
    room: 'console',
    mayImport: ['^protocol/', EVERY_LIB],
    instead: 'The console speaks the public HTTP API: import types from protocol/api.ts and fetch the rest.',
  },
  {
    room: 'examples',
    from: '^examples/([^/]+)/',
    own: '^examples/$1/',
    mayImport: ['^sdk/index\\.ts$', EVERY_LIB],
    instead:
      "An example is what an author would write in a folder of their own: import { … } from 'sluice', and nothing else of this repository.",
  },
]

const roomRule = ({ room, from = `^${room}/`, own = `^${room}/`, mayImport, node = true, instead }) => ({
  name: `imports-of-${room.replaceAll(/[ /]/g, '-')}`,
  comment: instead,
  severity: 'error',
  from: { path: from },
  to: { pathNot: [own, ...mayImport], ...(node && { dependencyTypesNot: ['core'] }) },
})

export default {
  forbidden: [
    ...rooms.map(roomRule),
    {
      name: 'sluice-by-name',
      comment: "Examples import the SDK as their copies will: from 'sluice', not by a path into sdk/.",
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^sdk/', dependencyTypes: ['local'] },
    },
    {
      name: 'declared-dependencies',
      comment:
        'What is shipped may only import packages under "dependencies" in package.json; move it there from "devDependencies" if users need it at run time. What runs on AWS is bundled when it is deployed, so its packages are not.',
      severity: 'error',
      from: {
        path: '^(protocol|control|platforms/local|lambdas|runner|sdk|cli)/',
        pathNot: '^lambdas/(api|events|runtime)/',
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'no-cycle',
      comment:
        'Two files that need each other are one file, or a third one holds what they share: move that there and import it from both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment:
        'There is no such file or package. Relative imports end in .ts; packages need `npm install --save-exact`.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dead-file',
      comment: 'No process reaches this file. Import it where it is needed, or delete it and its tests.',
      severity: 'error',
      from: { path: ENTRIES },
      to: {
        path: '^(protocol|control|platforms|lambdas|runner|sdk|cli|console)/',
        pathNot: [...ENTRIES, '\\.d\\.ts$'],
        reachable: false,
      },
    },
  ],
  options: {
    /** TypeScript 7 has no parser for JavaScript programs to use; swc sees type imports as well. */
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|\\.sluice|\\.emulator|\\.git)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts', '.json'],
    },
  },
}
