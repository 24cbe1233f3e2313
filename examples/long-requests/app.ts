import { setTimeout as sleep } from 'node:timers/promises'
import { App, later } from 'sluice'

const app = new App('studio')

/** Some seconds for each word of the scene, as if it were drawn. */
export const render = app.function({ timeout: '2h', retries: 2 }, async (scene: string) => {
  const words = scene.split(/\s+/)
  for (const [index, word] of words.entries()) {
    console.log(`drawing ${word} (${index + 1} of ${words.length})`)
    await sleep(2_500)
  }
  return { scene, frames: words.length * 60 }
})

/** `POST` a scene, or give it as `?scene=…`: the answer is the result, or 202 and where to find it. */
export const web = app.web((request) =>
  later(request, render, async () => [await sceneOf(request)], { wait: '4s' }),
)

async function sceneOf(request: Request): Promise<string> {
  const asked = new URL(request.url).searchParams.get('scene')
  return asked ?? (await request.text())
}

export default app
