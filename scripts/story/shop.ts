/** What the author of the shop deploys, as it grows. */
interface Shop {
  /** What the site says. */
  greeting: string
  /** Containers that resize photos. */
  resizers: number
  /** Whether it cannot start. */
  broken?: boolean
}

export const shopSource = ({ greeting, resizers, broken }: Shop): string => `
import { App, Cron } from 'sluice'

const app = new App('shop')
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
${broken ? "console.log('connecting to postgres://stock.internal')\nif (process.env.SLUICE_VERSION) throw new Error('connect ECONNREFUSED 10.0.3.7:5432')" : ''}

export const site = app.web({ minContainers: 2, maxContainers: 2, concurrency: 40 }, async () => {
  await sleep(20 + Math.random() * 60)
  return new Response(${JSON.stringify(greeting)})
})
export const search = app.function({ minContainers: 1, maxContainers: 2, concurrency: 20 }, async (words: string) => {
  await sleep(30 + Math.random() * 90)
  console.log(\`searched for "\${words}": 12 products\`)
  return { words, products: 12 }
})
export const resizePhoto = app.function({ minContainers: ${resizers}, maxContainers: 4, concurrency: 4, cpu: 1, memory: 2048 }, async (photo: string) => {
  console.log(\`resizing \${photo}\`)
  await sleep(60 + Math.random() * 120)
  if (photo.endsWith('.heic')) throw new TypeError(\`\${photo}: HEIC is not supported\`)
  return { photo, sizes: [320, 640, 1280], bytes: 184_220 }
})
export const exportOrders = app.function({ minContainers: 1, maxContainers: 6, timeout: '2h' }, async (month: string, seconds: number) => {
  for (let day = 1; day <= seconds; day++) {
    console.log(\`\${month}: day \${day} of \${seconds} exported\`)
    await sleep(1_000)
  }
  return { month, rows: seconds * 1_204 }
})
export const syncStock = app.function({ schedule: Cron('*/15 * * * *'), retries: 1 }, async () => {
  console.log('stock of 1,204 products is up to date')
  return { products: 1_204 }
})
export const nightlyReport = app.function({ schedule: Cron('0 6 * * *', { timezone: 'Europe/Paris' }) }, async () => ({ sent: 3 }))
export default app
`

export const smallSource = (name: string): string => `
import { App, Period } from 'sluice'
const app = new App('${name}')
export const web = app.web(() => new Response('${name}'))
export const tidy = app.function({ schedule: Period({ hours: 4 }) }, () => 'tidied')
export default app
`
