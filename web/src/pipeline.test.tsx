// @vitest-environment jsdom
// What the server says of itself: the strip, the session that comes next, and when it is asked.
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { grouped, seconds } from './format'
import type { Live } from './live'
import { duration, nextInWords } from './next_session'
import type { NextSession, Pipeline } from './protocol'
import type { FakeOutside } from './testing/fake_outside'
import { snapshot } from './testing/frames'
import { closePage, openPage } from './testing/open_page'

let outside: FakeOutside
let live: Live
let root: HTMLElement

beforeEach(() => {
  ;({ outside, live, root } = openPage())
})

afterEach(() => closePage({ outside, live, root }))

const pipeline: Pipeline = {
  messages: 20552,
  records: 1163402,
  rows: 1163377,
  lag_ms: 312,
  laps_checked: 87,
  lap_errors: 0,
}

const next: NextSession = {
  meeting_name: 'Mexico City Grand Prix',
  session_name: 'Qualifying',
  start_date: '2025-10-25T21:00:00.000Z',
  gmt_offset_s: -21600,
  schedule_trouble: null,
  is_feed_connected: true,
}

const settle = () => act(() => new Promise<void>((done) => setTimeout(done)))

async function answer(status: {
  pipeline: Pipeline | null
  next_session: NextSession | null
}): Promise<void> {
  outside.answers.set('/api/status', status)
  act(() => {
    outside.connect()
    outside.receive(snapshot())
  })
  await settle()
}

const shown = () =>
  Object.fromEntries(
    [...root.querySelectorAll('.pipeline dl div')].map((entry) => [
      entry.querySelector('dt')?.textContent,
      entry.querySelector('dd')?.textContent,
    ]),
  )

describe('the strip', () => {
  it('counts what goes through the server, anew each second', async () => {
    await answer({ pipeline, next_session: null })
    expect(shown()).toEqual({
      Messages: '20,552',
      Records: '1,163,402',
      'Rows in DuckDB': '1,163,377',
      Lag: '0.3 s',
      'Lap errors': '0 of 87',
    })
    outside.answers.set('/api/status', {
      pipeline: { ...pipeline, messages: 20553, lap_errors: 1 },
      next_session: null,
    })
    act(() => outside.advance(1000))
    await settle()
    expect(shown().Messages).toBe('20,553')
    expect(root.querySelector('.pipeline [data-trouble="true"]')?.textContent).toContain('1 of 87')
  })

  it('says nothing of what is not there', async () => {
    await answer({
      pipeline: { ...pipeline, rows: null, lag_ms: null, laps_checked: null, lap_errors: null },
      next_session: null,
    })
    expect(Object.keys(shown())).toEqual(['Messages', 'Records'])
  })

  it('is not there, and not asked for again, where the server has none', async () => {
    await answer({ pipeline: null, next_session: null })
    expect(root.querySelector('.pipeline')).toBeNull()
    outside.answers.set('/api/status', { pipeline, next_session: null })
    act(() => outside.advance(5000))
    await settle()
    expect(root.querySelector('.pipeline')).toBeNull()
    act(() => outside.drop())
    act(() => outside.advance(300))
    await answer({ pipeline, next_session: null })
    expect(root.querySelector('.pipeline')).not.toBeNull()
  })
})

describe('while there is no session', () => {
  async function wait(next_session: NextSession): Promise<string> {
    outside.answers.set('/api/status', { pipeline, next_session })
    act(() => {
      outside.connect()
      outside.receive({ type: 'waiting', stream: 'waiting', number: 0, is_catching_up: false })
    })
    await settle()
    return root.querySelector('.waiting')?.textContent ?? ''
  }

  it('the page says what comes next and when', async () => {
    const text = await wait({ ...next, start_date: new Date(Date.now() + 130 * 60_000).toISOString() })
    expect(text).toContain('Mexico City Grand Prix, Qualifying')
    expect(text).toContain('in 2 h 10 min')
    expect(text).toContain('goes live when the feed says')
  })

  it('it says why it does not know', async () => {
    const text = await wait({
      ...next,
      start_date: null,
      schedule_trouble: 'example.com: no such host',
      is_feed_connected: false,
    })
    expect(text).toContain('The schedule cannot be had: example.com: no such host')
    expect(text).toContain('no connection to the live feed')
  })
})

it('words for the next session', () => {
  const start = Date.parse(next.start_date as string)
  expect(nextInWords(next, start - 60_000)?.distance).toBe('in 1 min')
  expect(nextInWords(next, start + 240_000)?.distance).toBe('due for 4 min')
  expect(nextInWords({ ...next, start_date: null }, 0)).toBeNull()
  expect(nextInWords(null, 0)).toBeNull()
  expect([duration(25_000), duration(7_200_000), duration(7_800_000), duration(260_000_000)]).toEqual([
    '25 s',
    '2 h',
    '2 h 10 min',
    '3 days',
  ])
})

it('numbers of the strip', () => {
  expect([grouped(0), grouped(999), grouped(1000), grouped(1234567)]).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
  ])
  expect([seconds(0), seconds(312), seconds(9940), seconds(12_400)]).toEqual([
    '0.0 s',
    '0.3 s',
    '9.9 s',
    '12 s',
  ])
})
