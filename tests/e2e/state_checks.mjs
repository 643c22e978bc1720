// What the page says when the server goes, comes back, or has nothing.
import { accessibility, check, openPage, screenshot, until } from './browser.mjs'
import { freePort, startEmpty, startReplay } from './server.mjs'

const kindIs = (kind) => document.querySelector('.connection')?.dataset.kind === kind

export async function checkServerLoss(browser, server, port, isSmoke) {
  const page = await openPage(browser, 'desktop', `${server.url}/`)
  await check('the connection pill says connected while it is', () =>
    until(page, 'connected', kindIs, 'connected'),
  )
  page.isWatched = false
  await server.stop('SIGKILL')
  await check('the connection pill says so when the server dies', async () => {
    await until(page, 'reconnecting', kindIs, 'reconnecting')
    const saysHowLong = () => /Reconnecting \d+ s/.test(document.querySelector('.connection').innerText)
    await until(page, 'for how long', saysHowLong)
    await until(page, 'the tower', () => document.querySelectorAll('.tower tbody tr').length === 20)
  })
  await screenshot(page, 'reconnecting')
  if (!isSmoke) {
    await check('axe finds nothing while reconnecting', () => accessibility(page))
    const again = await startReplay({ port, from: '00:25:00' })
    await check('the page finds the server when it is back', () =>
      until(page, 'connected', kindIs, 'connected', 20_000),
    )
    await check('a link opens at its time and driver', async () => {
      const linked = await openPage(browser, 'desktop', `${again.url}/?t=0:20:00&driver=16`)
      await until(linked, 'the driver', () =>
        document.querySelector('tr[data-driver="16"][data-shown="true"]'),
      )
      await until(linked, 'the time', () =>
        /^0:20:/.test(document.querySelector('.session-time')?.innerText ?? ''),
      )
      await linked.context().close()
    })
    await check('SIGTERM ends the server', async () => {
      const how = await again.stop()
      return how === 'SIGKILL' ? 'it had to be killed' : null
    })
  }
  await page.context().close()
}

export async function checkStates(browser) {
  const empty = await startEmpty({ port: await freePort() })
  for (const size of ['desktop', 'phone']) {
    const page = await openPage(browser, size, `${empty.url}/`)
    await check(`without a session the page waits and says so (${size})`, async () => {
      await until(page, 'waiting', () => /Waiting for a session/.test(document.body.innerText))
      return (await accessibility(page)) || page.trouble.join('; ')
    })
    await screenshot(page, `waiting-${size}`)
    await page.context().close()
  }
  await empty.stop()
}
