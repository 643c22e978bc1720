// What a race shows beside its timing, from its last laps to the classification; and laps over each other, in
// a qualifying, because the recording of the race has no telemetry.
import { accessibility, check, openPage, screenshot, sizes, until } from './browser.mjs'
import { freePort, raceRecording, startReplay } from './server.mjs'

const choose = (page, area, name) =>
  page.locator(`${area} .choices button`, { hasText: name }).first().click()

/** A list of the panel `area` that gets filled, with what it is wanted to say in one of its entries. */
async function checkList(page, name, entries, wanted) {
  await check(`${name}: the list says what happened`, async () => {
    await choose(page, '.area-control', name)
    const says = ({ entries, wanted }) =>
      [...document.querySelectorAll(entries)].some(({ innerText }) => new RegExp(wanted, 'i').test(innerText))
    await until(page, `an entry with ${wanted}`, says, { entries, wanted })
    return accessibility(page)
  })
}

const haveBothLaps = () => {
  const isDrawn = (path) => (document.querySelector(path)?.getAttribute('d') ?? '').length > 200
  return isDrawn('.lap-plot path.own') && isDrawn('.lap-plot path.other')
}

/** The cars of the first two rows. */
const firstCars = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.tower tbody tr')].slice(0, 2).map(({ dataset }) => dataset.driver),
  )

async function checkDesktopLaps(browser, url) {
  const page = await openPage(browser, 'desktop', `${url}/`)
  await check('two laps are drawn over each other, with who is ahead', async () => {
    await until(page, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
    const [own, rival] = await firstCars(page)
    await page.locator(`.tower tbody tr[data-driver="${own}"]`).click()
    await choose(page, '.area-trace', 'Laps')
    await page.locator('.car-select').selectOption(rival)
    await until(page, 'both laps', haveBothLaps)
    await until(page, 'a verdict', () =>
      /\d\.\d{3}/.test(document.querySelector('.verdict')?.innerText ?? ''),
    )
    const isLinked = (rival) => new URLSearchParams(location.search).get('vs') === rival
    await until(page, 'the link', isLinked, rival)
    await screenshot(page, 'laps')
    return (await accessibility(page)) || page.trouble.join('; ')
  })
  await page.context().close()
}

async function checkPhoneLaps(browser, url) {
  const page = await openPage(browser, 'phone', `${url}/`)
  await check('on a phone they are a tab of the driver sheet, and a tap reads them', async () => {
    await until(page, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
    const [own] = await firstCars(page)
    await page.locator(`.tower tbody tr[data-driver="${own}"]`).tap()
    await page.locator('.sheet button', { hasText: 'Laps' }).tap()
    await until(page, 'both laps', haveBothLaps)
    await page.locator('.lap-plot').tap()
    await until(page, 'a reading', () => document.querySelector('.lap-line[data-reading="true"]'))
    await screenshot(page, 'phone-laps')
    return (await accessibility(page)) || page.trouble.join('; ')
  })
  await page.context().close()
}

async function checkClassification(page) {
  await check('at the end the classification comes up, complete and in order', async () => {
    await until(page, 'the classification', () => document.querySelector('.classification'), null, 90_000)
    await until(page, 'all cars, numbered from 1', () => {
      const places = [...document.querySelectorAll('.classification tbody .position')].map((cell) =>
        Number(cell.innerText),
      )
      const numbered = places.filter((place) => !Number.isNaN(place))
      return numbered.length >= 15 && numbered.every((place, index) => place === index + 1)
    })
    await screenshot(page, 'race-classification')
    return accessibility(page)
  })
}

/** The page of a desk made narrow: opened anew it might be at its start again, with the replay over. */
async function checkNarrowFlag(page) {
  await page.setViewportSize(sizes.phone.viewport)
  await check('on a phone the chequered flag is written out in its pill', async () => {
    await until(page, 'the label with room on both sides', () => {
      const pill = document.querySelector('.flag[data-look="finished"]')
      const label = pill?.querySelector('span')
      if (!label || label.scrollWidth > label.clientWidth) return false
      const [outer, inner] = [pill.getBoundingClientRect(), label.getBoundingClientRect()]
      return inner.left - outer.left >= 8 && outer.right - inner.right >= 8 && outer.right <= innerWidth - 8
    })
    await screenshot(page, 'phone-chequered')
  })
}

/** From the link's time on somebody fights for the next four and a half minutes of the race. */
async function checkBattle(browser, url) {
  const page = await openPage(browser, 'desktop', `${url}/?t=1:13:00`)
  await check('the closest fight has a card, and a click on one of the two follows that car', async () => {
    await until(page, 'two cars within a second, with gap, trend and tyres', () => {
      const card = document.querySelector('.battle-card')
      const cars = new Set(
        [...(card?.querySelectorAll('.fighter b') ?? [])].map(({ innerText }) => innerText),
      )
      const isClose = /^\+0\.\d{3}$/.test(card?.querySelector('.time')?.innerText ?? '')
      const isTrend = card?.querySelectorAll('.trend circle').length >= 4
      return cars.size === 2 && isClose && isTrend && /fresher|older|same age/.test(card.innerText)
    })
    await page.keyboard.press('Space')
    await until(page, 'paused', () => document.querySelector('.play')?.getAttribute('aria-label') === 'Play')
    await screenshot(page, 'battle')
    const trouble = await accessibility(page)
    await page.locator('.battle-card .fighter').first().click()
    await until(page, 'the card of one car', () => {
      const isBattle = document.querySelector('.battle-card')
      return !isBattle && document.querySelector('.driver-card h2')?.innerText
    })
    return trouble || page.trouble.join('; ')
  })
  await page.context().close()
}

export async function checkRace(browser) {
  const server = await startReplay({
    port: await freePort(),
    source: raceRecording(),
    from: '01:16:30',
    speed: 20,
  })
  const page = await openPage(browser, 'desktop', `${server.url}/`)
  await until(page, 'the tower', () => document.querySelectorAll('.tower tbody tr').length >= 19)
  await checkList(page, 'Decisions', '.decisions li', 'served')
  await checkList(page, 'Stops', '.stops tbody tr', '\\d\\d\\.\\d')
  await checkBattle(browser, server.url)
  await checkClassification(page)
  await checkNarrowFlag(page)
  await check('no error on the page of the race', () => page.trouble.join('; '))
  await page.context().close()
  await server.stop()
}

/** In the last part of a qualifying, where every car has laps. */
export async function checkLaps(browser) {
  const server = await startReplay({ port: await freePort(), from: '01:12:00' })
  await checkDesktopLaps(browser, server.url)
  await checkPhoneLaps(browser, server.url)
  await server.stop()
}
