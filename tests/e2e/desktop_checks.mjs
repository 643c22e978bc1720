// What a viewer at a desk sees: the session moves, the tower is whole, the timeline seeks.
import { accessibility, check, openPage, screenshot, sleep, until } from './browser.mjs'

const text = (page, selector) => page.locator(selector).first().innerText()

export const sessionSeconds = async (page) => {
  const shown = await text(page, '.session-time')
  return shown.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** The session's time once it has stood for as long as seven seconds of the replay take. */
async function standingSeconds(page) {
  for (const from = Date.now(); Date.now() - from < 15_000; ) {
    const seconds = await sessionSeconds(page)
    await sleep(700)
    if ((await sessionSeconds(page)) === seconds) return seconds
  }
  throw new Error('the cursor runs on')
}

const picture = (page) => page.evaluate(() => document.querySelector('.area-map canvas').toDataURL())

async function checkContent(page, url) {
  await check('the page is connected and names the session', async () => {
    await until(page, 'connected', () => document.querySelector('.connection')?.dataset.kind === 'connected')
    await until(page, 'a meeting', () => document.querySelector('h1')?.textContent !== 'slipstream')
  })
  await check('the tower has 20 cars by position, each with its code', async () => {
    await until(page, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
    // In one step: a list of elements that is found first and read later has the order of before.
    const { codes, positions } = await page.evaluate(() => {
      const texts = (selector) => [...document.querySelectorAll(selector)].map(({ innerText }) => innerText)
      return { codes: texts('.tower tbody .code'), positions: texts('.tower tbody .position') }
    })
    if (!codes.every((code) => /^[A-Z]{3}$/.test(code))) return `codes: ${codes.join(' ')}`
    if (new Set(codes).size !== 20) return 'a code is there twice'
    if (positions.some((position, index) => Number(position) !== index + 1)) return positions.join(' ')
    return null
  })
  await check('the map has an outline and the trace telemetry', async () => {
    await until(page, 'an outline', () =>
      / km/.test(document.querySelector('.circuit-name')?.textContent ?? ''),
    )
    await until(page, 'telemetry', () => document.querySelector('.area-trace canvas'))
  })
  await check('race control and the timeline are filled', async () => {
    await until(page, 'a message', () => document.querySelector('.messages li'))
    await until(page, 'a part', () => document.querySelector('.lane .part'))
  })
  await check('the page is small: at most 100 kB of script, compressed', async () => {
    const sources = await page.evaluate(() =>
      [...document.querySelectorAll('script[src]')].map(({ src }) => src),
    )
    const { gzipSync } = await import('node:zlib')
    let size = 0
    for (const source of sources)
      size += gzipSync(Buffer.from(await (await fetch(source)).arrayBuffer())).length
    if (sources.length === 0) return `no script at ${url}`
    return size > 100_000 ? `${size} bytes` : null
  })
}

async function checkMoves(page) {
  await check('the session moves: cursor, map and tower', async () => {
    const before = { time: await text(page, '.session-time'), map: await picture(page) }
    const isLater = (time) => document.querySelector('.session-time').innerText > time
    await until(page, 'a later time', isLater, before.time)
    const isOther = (map) => document.querySelector('.area-map canvas').toDataURL() !== map
    await until(page, 'cars that move', isOther, before.map)
  })
}

/** Where on the timeline's track a share of the session is. */
async function timelinePoint(page, share) {
  const box = await page.locator('.timeline').boundingBox()
  return { x: box.x + share * box.width, y: box.y + 26 }
}

async function checkSeeking(page) {
  await check('dragging the timeline seeks, and the page says how far behind it is', async () => {
    const edge = await sessionSeconds(page)
    const [from, to] = [await timelinePoint(page, 0.2), await timelinePoint(page, 0.1)]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 12 })
    await page.mouse.up()
    await until(page, 'behind the edge', () => /−/.test(document.querySelector('.mode')?.textContent ?? ''))
    const sought = await sessionSeconds(page)
    if (sought > edge - 120) return `at ${sought} s after a drag from ${edge} s`
    await until(page, 'the time in the link', () => new URLSearchParams(location.search).has('t'))
    return null
  })
  await check('space pauses, the arrow steps, the rows stay', async () => {
    await page.mouse.move(700, 20)
    await page.keyboard.press('Space')
    await until(page, 'paused', () => document.querySelector('.play')?.getAttribute('aria-label') === 'Play')
    const paused = await standingSeconds(page)
    await page.keyboard.press('ArrowRight')
    const isFiveOn = (from) => {
      const parts = document.querySelector('.session-time').innerText.split(':')
      const now = parts.reduce((sum, part) => sum * 60 + Number(part), 0)
      return Math.abs(now - from - 5) <= 1
    }
    await until(page, `${paused} s and five more`, isFiveOn, paused)
    await until(page, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
  })
  await check('the button brings it back to the newest', async () => {
    await page.locator('.edge').click()
    await until(page, 'at the edge', () => document.querySelector('.mode')?.dataset.edge === 'true')
    await until(page, 'no time in the link', () => !new URLSearchParams(location.search).has('t'))
  })
}

async function checkChoice(page) {
  await check('a click on a row shows that driver and puts it into the link', async () => {
    // By number: the fifth row may be another car's by the time it is clicked.
    const number = await page.locator('.tower tbody tr').nth(4).getAttribute('data-driver')
    await page.locator(`.tower tbody tr[data-driver="${number}"]`).click()
    const name = await page.locator(`.tower tr[data-driver="${number}"] .driver .hidden`).innerText()
    await until(
      page,
      'the card',
      (wanted) => document.querySelector('.driver-card h2').innerText === wanted,
      name,
    )
    const isLinked = (wanted) => new URLSearchParams(location.search).get('driver') === wanted
    await until(page, 'the link', isLinked, number)
  })
  await check('the help sheet opens, is accessible and closes', async () => {
    await page.keyboard.press('?')
    await until(page, 'the sheet', () => document.querySelector('dialog')?.open)
    const found = await accessibility(page)
    await page.keyboard.press('Escape')
    await until(page, 'closed', () => !document.querySelector('dialog')?.open)
    return found
  })
}

/** Figures, not checks: they depend on the machine. */
async function report(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await session.send('Performance.enable')
  const costs = await page.evaluate(async () => {
    const original = window.requestAnimationFrame
    const spent = []
    window.requestAnimationFrame = (callback) =>
      original((now) => {
        const from = performance.now()
        callback(now)
        spent.push(performance.now() - from)
      })
    await new Promise((done) => setTimeout(done, 6000))
    window.requestAnimationFrame = original
    return spent.sort((a, b) => a - b)
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  const at = (share) => costs[Math.min(costs.length - 1, Math.floor(costs.length * share))]?.toFixed(1)
  console.log(`# script in an animation frame at 4x CPU throttle: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`)
}

/** While it plays; a seek is a jump by the viewer's wish. */
async function checkStill(page, seconds) {
  await check('nothing on the page jumps while it plays', async () => {
    await page.evaluate(() => window.shifts.splice(0)) // from here on: the page has been filled
    await sleep(1000 * seconds)
    const shifts = await page.evaluate(() => window.shifts)
    const sum = shifts.reduce((total, { value }) => total + value, 0)
    const worst = shifts.sort((a, b) => b.value - a.value).slice(0, 3)
    const named = worst.map(
      ({ value, where, at }) => `${value.toFixed(4)} after ${Math.round(at)} ms: ${where}`,
    )
    return sum > 0.01 ? `layout shift ${sum.toFixed(4)}; ${named.join('; ')}` : null
  })
}

export async function checkDesktop(browser, url, isSmoke) {
  const page = await openPage(browser, 'desktop', `${url}/`)
  await checkContent(page, url)
  await checkMoves(page)
  await checkStill(page, isSmoke ? 1 : 20)
  await screenshot(page, 'desktop')
  await check('axe finds nothing at 1440x900', () => accessibility(page))
  await checkSeeking(page)
  if (!isSmoke) {
    await checkChoice(page)
    await report(page)
    await screenshot(page, 'desktop-driver')
  }
  await check('no console error, page error or failed request', () => page.trouble.join('; '))
  await page.context().close()
  if (isSmoke) return
  await check('with reduced motion nothing is animated', async () => {
    const calm = await openPage(browser, 'desktop', `${url}/`, { reducedMotion: 'reduce' })
    await until(calm, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
    let seen = 0
    for (let i = 0; i < 20; i++) {
      seen += await calm.evaluate(() => document.getAnimations().length)
      await sleep(150)
    }
    await calm.context().close()
    return seen > 0 ? `${seen} animations` : null
  })
}
