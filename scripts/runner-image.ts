import { buildRunnerImage } from '../test/emulator/image/runner.ts'

console.log(buildRunnerImage())
