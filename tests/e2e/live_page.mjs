// The live page in a real browser on the real binary: node tests/e2e/live_page.mjs [--smoke] [--url URL]
//
// Replays a recorded session into the page, looks at it at two sizes, seeks, pauses, and kills the server to
// see whether the page says so. TAP on stdout; screenshots in build/screenshots/. Exit code 0, 1, or 77 if
// there is no recorded data. --smoke is the short form for `make test`; with --url the server is somebody
// else's and is not killed.
import { parseArgs } from 'node:util'
import { check, chromiumPath, failed, launch } from './browser.mjs'
import { checkDemo } from './demo_checks.mjs'
import { checkDesktop } from './desktop_checks.mjs'
import { checkPhone } from './phone_checks.mjs'
import { checkLaps, checkRace } from './race_checks.mjs'
import { binary, freePort, sourceFolder, startReplay } from './server.mjs'
import { checkServerLoss, checkStates } from './state_checks.mjs'

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, url: { type: 'string' } } })

function reasonToSkip() {
  if (values.url) return null
  return sourceFolder() ? null : 'no recorded session: set SLIPSTREAM_DATA'
}

function reasonToFail() {
  if (!chromiumPath()) return 'no Chromium: tools/setup.sh installs it, or set SLIPSTREAM_CHROMIUM'
  if (!values.url && !binary()) return 'no binary: run make build, or set SLIPSTREAM_BIN'
  return null
}

async function main() {
  const skip = reasonToSkip()
  if (skip) {
    console.log(`ok - live page # SKIP ${skip}`)
    return 77
  }
  const fail = reasonToFail()
  if (fail) {
    console.log(`not ok - live page: ${fail}`)
    return 1
  }
  const isSmoke = values.smoke ?? false
  const port = values.url ? null : await freePort()
  const server = values.url ? { url: values.url.replace(/\/$/, '') } : await startReplay({ port })
  const browser = await launch()
  try {
    await checkDesktop(browser, server.url, isSmoke)
    await checkPhone(browser, server.url, isSmoke)
    if (port) await checkServerLoss(browser, server, port, isSmoke)
    if (port && !isSmoke) {
      await checkDemo(browser)
      await checkStates(browser)
      await checkLaps(browser)
      await checkRace(browser)
    }
  } finally {
    await browser.close()
  }
  return failed() > 0 ? 1 : 0
}

try {
  process.exit(await main())
} catch (error) {
  await check('live page', () => error.message.split('\n')[0])
  process.exit(1)
}
