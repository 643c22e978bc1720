// The browser under test: Chromium by playwright-core, pages that note what goes wrong, and TAP lines.
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './server.mjs'

const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const { AxeBuilder } = require('@axe-core/playwright')

const places = [
  process.env.SLIPSTREAM_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const sizes = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
}

export function chromiumPath() {
  return places.find((place) => place && existsSync(place)) ?? null
}

export const launch = () => chromium.launch({ executablePath: chromiumPath(), headless: true, args: flags })

let failures = 0

/** One TAP line a check. A check fails by throwing or by returning a text. */
export async function check(name, what) {
  let problem
  try {
    problem = await what()
  } catch (error) {
    problem = error.message.split('\n')[0]
  }
  if (problem) failures += 1
  console.log(problem ? `not ok - ${name}: ${problem}` : `ok - ${name}`)
}

export const failed = () => failures

function watchShifts() {
  window.shifts = []
  // What the viewer asked for is no jump: a seek may reorder the whole tower. Chromium leaves out half a
  // second after an input itself; the answer to a drag may take a little longer to come and be drawn.
  const answer_ms = 1000
  let asked_at = Number.NEGATIVE_INFINITY
  for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'keydown', 'click']) {
    window.addEventListener(
      kind,
      (event) => {
        if (event.buttons || kind !== 'pointermove') asked_at = performance.now()
      },
      true,
    )
  }
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const name = (node) => node?.getAttribute?.('class') ?? node?.parentElement?.className ?? node?.nodeName
      const move = ({ node, previousRect: a, currentRect: b }) =>
        `${name(node)} ${a.x},${a.y} ${a.width}x${a.height} to ${b.x},${b.y} ${b.width}x${b.height}`
      const where = (entry.sources ?? []).map(move).join(' | ')
      const is_answer = entry.startTime - asked_at < answer_ms
      if (!entry.hadRecentInput && !is_answer)
        window.shifts.push({ value: entry.value, at: entry.startTime, where })
    }
  })
  observer.observe({ type: 'layout-shift', buffered: true })
}

/** A page whose `trouble` collects console errors, page errors and failed requests. */
export async function openPage(browser, size, url, more = {}) {
  const context = await browser.newContext({ ...sizes[size], ...more })
  const page = await context.newPage()
  page.trouble = []
  page.isWatched = true
  const note = (text) => page.isWatched && page.trouble.push(text)
  page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()}`))
  page.on('pageerror', (error) => note(`page: ${error.message}`))
  page.on('requestfailed', (request) => note(`request: ${request.url()} ${request.failure()?.errorText}`))
  page.on('response', (answer) => answer.status() >= 400 && note(`${answer.status()} ${answer.url()}`))
  await page.addInitScript(watchShifts)
  await page.goto(url)
  return page
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function violations(page) {
  const found = await new AxeBuilder({ page }).withTags(tags).analyze()
  return found.violations
    .map(
      ({ id, impact, nodes }) =>
        `${id} (${impact}) at ${nodes
          .map((node) => node.target)
          .slice(0, 3)
          .join(', ')}`,
    )
    .join('; ')
}

/**
 * A text that names what axe found, or nothing. Rows that change places lie over each other for a moment, and
 * axe takes as long as some of them: what is wrong with the page is found every time.
 */
export async function accessibility(page) {
  let found = await violations(page)
  for (let tries = 1; found && tries < 5; tries++) {
    await sleep(500)
    found = await violations(page)
  }
  return found
}

export async function screenshot(page, name) {
  const folder = join(root, 'build/screenshots')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

/** Waits until the page says so; the message names what was missing. */
export async function until(page, what, condition, argument, ms = 60_000) {
  try {
    await page.waitForFunction(condition, argument, { timeout: ms })
  } catch {
    throw new Error(`${what}: not within ${ms / 1000} s`)
  }
}
