import { useAnswer } from '../../api/queries.ts'
import { Commands } from '../../parts/commands.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Problem } from '../../parts/problem.tsx'

const NOT_FOUND = 404
const SOURCE =
  'import { App } from "sluice"; const app = new App("hello"); ' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the author's template, not this file's
  'export const greet = app.function((name: string) => `Hello ${name}`); export default app'

/** How there comes to be a first app in an environment; or that there is no such environment. */
export function FirstSteps({ env }: { env: string }) {
  const { error } = useAnswer('getEnvironment', { params: { env } })
  if (error?.status === NOT_FOUND) return <Problem error={error} />
  const inEnv = env === 'main' ? '' : ` --env ${env}`
  return (
    <Empty title="Nothing is deployed here yet.">
      <p>An app is a file of functions. These three lines write one, deploy it and call it.</p>
      <Commands
        lines={[
          `echo '${SOURCE}' > hello.ts`,
          `npx sluice deploy hello.ts${inEnv}`,
          `npx sluice call hello.greet World${inEnv}`,
        ]}
      />
    </Empty>
  )
}
