// The same page in a hand: 390x844, fingers instead of a pointer.
import { accessibility, check, openPage, screenshot, until } from './browser.mjs'

const tabs = ['Tower', 'Map', 'Control', 'Feed']

async function checkFits(page, name) {
  await check(`${name}: nothing is wider than the phone`, async () => {
    const { scroll, inner } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      inner: window.innerWidth,
    }))
    return scroll > 390 || inner !== 390 ? `${scroll} px in a window of ${inner} px` : null
  })
}

async function checkTargets(page) {
  await check('buttons are large enough for a finger', async () => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button')]
        .map((button) => ({
          box: button.getBoundingClientRect(),
          name: button.textContent || button.ariaLabel,
        }))
        // A row of the tower is a target as wide as the phone; it may be 40 px high.
        .filter(({ box, name }) => box.width > 0 && name && Math.round(box.height) < 39)
        .map(({ box, name }) => `${name.trim()} ${Math.round(box.width)}x${Math.round(box.height)}`),
    )
    return small.join(', ')
  })
}

export async function checkPhone(browser, url, isSmoke) {
  const page = await openPage(browser, 'phone', `${url}/`)
  await check('the phone shows map and tower', async () => {
    await until(page, '20 rows', () => document.querySelectorAll('.tower tbody tr').length === 20)
    await until(page, 'the map', () => / km/.test(document.querySelector('.circuit-name')?.textContent ?? ''))
  })
  await checkFits(page, 'tower')
  await checkTargets(page)
  await screenshot(page, 'phone')
  await check('axe finds nothing at 390x844', () => accessibility(page))
  await check('a tap on a header shows other columns', async () => {
    const before = await page.locator('.tower thead').innerText()
    await page.locator('.tower thead button').first().tap()
    const isOther = (shown) => document.querySelector('.tower thead').innerText !== shown
    await until(page, 'other columns', isOther, before)
  })
  for (const tab of isSmoke ? [] : tabs) {
    await page.locator('.bottom-nav button', { hasText: tab }).tap()
    await checkFits(page, tab)
    await check(`${tab}: axe finds nothing`, () => accessibility(page))
    await screenshot(page, `phone-${tab.toLowerCase()}`)
  }
  if (!isSmoke) {
    await page.locator('.bottom-nav button', { hasText: 'Tower' }).tap()
    await check('a tap on a row opens the driver sheet', async () => {
      await page.locator('.tower tbody tr').nth(1).tap()
      await until(page, 'the sheet', () => document.querySelector('.sheet .driver-card'))
      await screenshot(page, 'phone-driver')
      return accessibility(page)
    })
  }
  await check('no error on the phone', () => page.trouble.join('; '))
  await page.context().close()
}
