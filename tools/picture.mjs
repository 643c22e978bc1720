// Takes the picture of README.md from the demo: node tools/picture.mjs [FILE]
//
// The race of a fixed seed, at a fixed place, in Chromium at 1440x900. Needs build/release/slipstream (or
// build/dev's) and Chromium, as the browser tests do.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { launch, openPage, sleep, until } from '../tests/e2e/browser.mjs'
import { freePort, root, startDemo } from '../tests/e2e/server.mjs'

const seed = 432
const cars = 20
const watched_ms = 30_000 // at four times the speed
const bytes_max = 300_000

const file = resolve(process.argv[2] ?? join(root, 'docs/images/live.webp'))
mkdirSync(dirname(file), { recursive: true })

const demo = await startDemo({ port: await freePort(), seed })
const browser = await launch()
try {
  const page = await openPage(browser, 'desktop', `${demo.url}/`)
  await until(
    page,
    'the tower',
    (count) => document.querySelectorAll('.tower tbody tr').length === count,
    cars,
  )
  await until(page, 'the map', () => / km/.test(document.querySelector('.circuit-name')?.textContent ?? ''))
  await sleep(watched_ms)
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 88 })
  const picture = Buffer.from(data, 'base64')
  if (picture.length > bytes_max) throw new Error(`${picture.length} bytes, at most ${bytes_max}`)
  writeFileSync(file, picture)
  console.log(`${file}: ${picture.length} bytes`)
} finally {
  await browser.close()
  await demo.stop()
}
process.exit(0)
