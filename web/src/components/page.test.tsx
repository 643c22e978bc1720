// @vitest-environment jsdom
// The page as a viewer sees it. The numbers are the known defects of the system this one replaces.
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Live } from '../live'
import type { SnapshotFrame } from '../protocol'
import type { FakeOutside } from '../testing/fake_outside'
import { byNumber, delta, driver, message, row, snapshot } from '../testing/frames'
import { closePage, openPage } from '../testing/open_page'

let outside: FakeOutside
let live: Live
let root: HTMLElement

beforeEach(() => {
  ;({ outside, live, root } = openPage())
})

afterEach(() => closePage({ outside, live, root }))

function show(frame: Partial<SnapshotFrame>): void {
  act(() => {
    outside.connect()
    outside.receive(snapshot(frame))
  })
}

const codes = () => [...root.querySelectorAll('tbody .code')].map((element) => element.textContent)
const text = (selector: string) => root.querySelector(selector)?.textContent ?? null
const pill = () => root.querySelector('.connection')

it('says of a simulated session that it is one', () => {
  show({})
  expect(text('.simulated')).toBeNull()
  show({ session: { ...snapshot().session, source_kind: 'simulated' } as SnapshotFrame['session'] })
  expect(text('.simulated')).toBe('SIMULATED')
})

describe('defect 10', () => {
  it('ranks by position, not by distance, and shows gaps and tyres', () => {
    show({
      rows: byNumber(
        row(5, 2, {
          lap_number: 40,
          gap_ms: 1234,
          interval_ms: 1234,
          tyre_compound: 'HARD',
          tyre_age_laps: 9,
        }),
        row(6, 1, { lap_number: 3 }),
      ),
    })
    expect(codes()).toEqual(['6', '5'])
    const second = root.querySelector('tr[data-driver="5"]')?.textContent
    expect(second).toContain('+1.234')
    expect(second).toContain('H9')
  })

  it('follows a change of position', () => {
    show({ rows: byNumber(row(5, 1), row(6, 2)) })
    act(() => outside.receive(delta(2, { rows: byNumber(row(5, 2), row(6, 1)) })))
    expect(codes()).toEqual(['6', '5'])
  })
})

it('defect 11: the connection pill changes when the connection does', () => {
  expect(pill()?.textContent).toContain('Connecting')
  show({})
  expect(pill()?.getAttribute('data-kind')).toBe('connected')
  expect(pill()?.textContent).toContain('Connected')
  act(() => outside.drop())
  expect(pill()?.getAttribute('data-kind')).toBe('reconnecting')
  expect(pill()?.textContent).toMatch(/Reconnecting \d+ s/)
  expect(pill()?.textContent).not.toContain('Connected')
})

it('defect 12: the first snapshot alone fills the page', () => {
  expect(text('main')).toContain('Connecting')
  show({
    rows: byNumber(row(5, 1, { last_lap_time_ms: 75_586 })),
    drivers: byNumber(driver(5, { driver_code: 'QQQ', full_name: 'Quentin QUICK' })),
    race_control: [message(0, { message: 'PIT EXIT OPEN' })],
  })
  expect(codes()).toEqual(['QQQ'])
  expect(text('tbody')).toContain('1:15.586')
  expect(text('.messages')).toContain('PIT EXIT OPEN')
  expect(text('h1')).toBe('Test Grand Prix')
})

// Defect 13, the mirrored map that is not turned, is tested in map/map.test.ts.

describe('defect 14: nothing about drivers, teams or circuits is in the page', () => {
  it('a driver is called what the feed calls it', () => {
    const named = driver(5, { driver_code: 'BOR', full_name: 'Gabriel BORTOLETO', team_name: 'Some Team' })
    show({ rows: byNumber(row(5, 1), row(77, 2)), drivers: byNumber(named) })
    expect(codes()).toEqual(['BOR', '77'])
    expect(text('.driver-card h2')).toBe('Gabriel BORTOLETO')
    expect(root.textContent).not.toContain('Bottas')
  })

  it('no source file names one', () => {
    const known =
      /\b(verstappen|hamilton|leclerc|norris|ferrari|mclaren|mercedes|red bull|monza|silverstone)\b/i
    const files = import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../**/*.test.*'], {
      query: '?raw',
      import: 'default',
      eager: true,
    })
    const sources = Object.entries(files)
    expect(sources.length).toBeGreaterThan(30)
    for (const [path, source] of sources) expect(source, path).not.toMatch(known)
  })

  it('any number of cars has a row', () => {
    show({ rows: byNumber(...Array.from({ length: 26 }, (_, i) => row(i + 1, i + 1))) })
    expect(codes()).toHaveLength(26)
  })
})

it('defect 20: the number of laps is the last one the feed has said', () => {
  show({ lap_count: { current_lap: 12, total_laps: 58 } })
  expect(text('.laps')).toBe('LAP 12/58')
  act(() => outside.receive(delta(2, { lap_count: { current_lap: 12, total_laps: 57 } })))
  expect(text('.laps')).toBe('LAP 12/57')
})

describe('states without data', () => {
  it('waits for a session in words', () => {
    act(() => {
      outside.connect()
      outside.receive({ type: 'waiting', stream: 'w', number: 0, is_catching_up: false })
    })
    expect(text('main')).toContain('Waiting for a session')
    expect(pill()?.textContent).toContain('Connected')
  })

  it('says that the server catches up, until there is something', () => {
    act(() => {
      outside.connect()
      outside.receive({ type: 'waiting', stream: 'w', number: 0, is_catching_up: true })
    })
    expect(text('main')).toContain('Catching up')
    show({ rows: byNumber(row(5, 1)) })
    expect(codes()).toEqual(['5'])
  })

  it('says that there are no positions, no telemetry, no messages', () => {
    show({ rows: byNumber(row(5, 1)) })
    expect(text('.area-map')).toContain('No car positions')
    expect(text('.area-trace')).toContain('No telemetry')
    expect(text('.area-control')).toContain('Nothing yet')
  })

  it('a reconnecting page keeps what it has', () => {
    show({ rows: byNumber(row(5, 1)) })
    act(() => outside.drop())
    expect(codes()).toEqual(['5'])
  })
})

describe('the keyboard', () => {
  const press = (key: string, shiftKey = false) =>
    act(() => {
      dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }))
    })
  const last = () => outside.sent[outside.sent.length - 1]

  beforeEach(() => show({ rows: byNumber(row(5, 1), row(6, 2)) }))

  it('pauses, seeks and goes to the newest', () => {
    press(' ')
    expect(last()).toEqual({ type: 'pause' })
    press('ArrowLeft')
    expect(last()).toEqual({ type: 'seek', session_time_ms: 55_000 })
    outside.advance(500)
    press('ArrowLeft', true)
    expect(last()).toEqual({ type: 'seek', session_time_ms: 0 })
    press('l')
    expect(last()).toEqual({ type: 'live' })
  })

  it('chooses a driver by position', () => {
    press('2')
    expect(live.chosen.value).toBe(6)
  })
})
