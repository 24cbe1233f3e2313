import { it, type TestContext, type TestOptions } from 'node:test'

/** What is particular about a platform that a contract suite runs against. */
export interface Conditions {
  /** Why the whole suite cannot run here. */
  skip?: string | false
  /** What the platform does not promise, by the name of the test, and why. */
  except?: Record<string, string>
}

type Test = (t: TestContext) => Promise<void>

/** `it`, but for the tests that the platform is excepted from: they are skipped with the reason. */
export function itExcept({
  except = {},
}: Conditions): (name: string, ...rest: [Test] | [TestOptions, Test]) => void {
  return (name, ...rest) => {
    const [options, test] = rest.length === 1 ? [{}, rest[0]] : rest
    it(name, { ...options, skip: except[name] ?? false }, test)
  }
}
