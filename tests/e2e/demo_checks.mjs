// What `slipstream demo` shows of itself: the strip, against the database that it counts.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { accessibility, check, openPage, screenshot, until } from './browser.mjs'
import { binary, freePort, startDemo } from './server.mjs'

const staging =
  "select table_name from information_schema.tables where table_schema = 'staging' " +
  "and table_name like 'stg\\_%' escape '\\' and table_name <> 'stg_rejected_records'"

async function query(db, sql) {
  const { stdout } = await promisify(execFile)(binary(), ['sql', sql, '--db', db, '--format', 'csv'])
  return stdout.trim().split('\n').slice(1)
}

async function rowsInDatabase(db) {
  const tables = await query(db, staging)
  const counts = tables.map((table) => `(select count(*) from staging.${table})`)
  return Number((await query(db, `select ${counts.join(' + ')} as n`))[0])
}

/** The strip's values by name; numbers without their commas. */
const strip = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.pipeline dl div')].map((entry) => [
        entry.querySelector('dt').textContent,
        entry.querySelector('dd').textContent.replaceAll(',', ''),
      ]),
    ),
  )

async function checkStrip(page, demo) {
  await check('the strip counts messages, records, rows, lag and lap errors', async () => {
    await until(page, 'laps that were checked', () =>
      /of [1-9]\d/.test(document.querySelector('.pipeline')?.innerText ?? ''),
    )
    const names = Object.keys(await strip(page)).join(', ')
    return names === 'Messages, Records, Rows in DuckDB, Lag, Lap errors' ? null : names
  })
  await check('the rows of the strip are in the database, and the counts grow', async () => {
    const before = await strip(page)
    const isMore = (shown) =>
      Number(document.querySelectorAll('.pipeline dd')[2].textContent.replaceAll(',', '')) > shown
    await until(page, 'more rows', isMore, Number(before['Rows in DuckDB']))
    const rows = await rowsInDatabase(demo.db)
    await until(page, 'as many rows as there are', isMore, rows - 1)
    const after = await strip(page)
    if (Number(after.Messages) <= Number(before.Messages)) return `${after.Messages} messages`
    return Number(after.Records) > Number(before.Records) ? null : `${after.Records} records`
  })
  await check('no lap of the demo is wrong', async () => {
    const { 'Lap errors': errors } = await strip(page)
    return errors.startsWith('0 of ') ? null : errors
  })
}

export async function checkDemo(browser) {
  const demo = await startDemo({ port: await freePort() })
  const page = await openPage(browser, 'desktop', `${demo.url}/`)
  await checkStrip(page, demo)
  await screenshot(page, 'demo')
  await check('axe finds nothing in the demo', () => accessibility(page))
  await check('no error on the page of the demo', () => page.trouble.join('; '))
  await page.context().close()
  await demo.stop()
}
