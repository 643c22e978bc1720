// @vitest-environment jsdom
// What a race shows beside its timing: classification, battle, decisions, stops.
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Live } from '../live'
import type { SnapshotFrame } from '../protocol'
import type { FakeOutside } from '../testing/fake_outside'
import {
  byNumber,
  delta,
  driver,
  message,
  penalty,
  pitStop,
  result,
  row,
  snapshot,
  stint,
} from '../testing/frames'
import { closePage, openPage } from '../testing/open_page'

let outside: FakeOutside
let live: Live
let root: HTMLElement

beforeEach(() => {
  ;({ outside, live, root } = openPage())
})

afterEach(() => closePage({ outside, live, root }))

const two = {
  rows: byNumber(row(5, 1), row(6, 2)),
  drivers: byNumber(driver(5, { driver_code: 'QQQ' }), driver(6, { driver_code: 'SSS' })),
}

function show(frame: Partial<SnapshotFrame>): void {
  act(() => {
    outside.connect()
    outside.receive(snapshot({ ...two, ...frame }))
  })
}

const text = (selector: string) => root.querySelector(selector)?.textContent ?? null
const codes = () => [...root.querySelectorAll('.area-tower tbody .code')].map((each) => each.textContent)
const press = (label: string) =>
  act(() => {
    const buttons = [...root.querySelectorAll<HTMLButtonElement>('.choices button')]
    buttons.find((button) => button.textContent?.startsWith(label))?.click()
  })

const results = byNumber(
  result(6, 1, { race_time_ms: 4_404_544, points: 25, laps_completed: 53 }),
  result(5, 2, { gap_ms: 3_100, gap_laps: 0, penalty_ms: 5000, points: 18, laps_completed: 53 }),
)

it('shows the classification once the session is over, marked provisional, and timing one click away', () => {
  show({ results })
  expect(codes()).toEqual(['QQQ', 'SSS'])
  expect(root.querySelector('.classification')).toBeNull()
  act(() => outside.receive(delta(2, { session_status: 'Finished' })))
  expect(codes()).toEqual(['SSS', 'QQQ'])
  expect(text('.area-tower')).toContain('provisional')
  expect(text('tr[data-driver="5"]')).toContain('+3.100')
  expect(text('tr[data-driver="5"]')).toContain('+5')
  press('Timing')
  expect(codes()).toEqual(['QQQ', 'SSS'])
})

it('a qualifying is classified by its parts', () => {
  const base = snapshot().session
  show({
    session: { ...base, session_kind: 'qualifying' },
    session_status: 'Finished',
    results: byNumber(result(5, 1, { q1_ms: 77_000, q2_ms: 76_000, q3_ms: 75_586 })),
  })
  expect(text('.classification thead')).toContain('Q3')
  expect(text('.classification tbody')).toContain('1:15.586')
})

it('shows a battle until the viewer chooses a car', () => {
  const battle = {
    behind_driver_number: 6,
    ahead_driver_number: 5,
    interval_ms: 400,
    line_gaps_ms: [1300, 1000, 700, 400],
  }
  show({ battle })
  expect(text('.battle-card')).toContain('+0.400')
  expect(text('.battle-card')).toContain('0.30 s a lap')
  act(() => live.choose(5))
  expect(root.querySelector('.battle-card')).toBeNull()
  expect(root.querySelector('.driver-card')).not.toBeNull()
})

it('lists decisions with their state and marks who has something to serve', () => {
  const imposed = penalty(0, {
    driver_number: 6,
    kind: 'time',
    seconds: 5,
    state: 'imposed',
    reason: 'UNSAFE RELEASE',
    imposed_message_number: 3,
  })
  show({ penalties: { 0: imposed }, race_control: [message(3, { message: 'FIVE SECONDS' })] })
  expect(text('tr[data-driver="6"] .badge')).toBe('+5')
  press('Decisions')
  expect(text('.decisions')).toContain('SSS')
  expect(text('.decisions')).toContain('Imposed')
  act(() => outside.receive(delta(2, { penalties: { 0: { ...imposed, state: 'served' } } })))
  expect(root.querySelector('.badge')).toBeNull()
  expect(text('.decisions')).toContain('Served')
})

it('the driver card has every stint with tyre, length and the stop it ended with', () => {
  const first = { tyre_compound: 'MEDIUM', first_lap_number: 1, last_lap_number: 17, lap_count: 17 }
  const second = { tyre_compound: 'HARD', first_lap_number: 18, last_lap_number: 22, lap_count: 5 }
  show({
    rows: byNumber(
      row(5, 1, { lap_number: 23, tyre_compound: 'HARD', tyre_age_laps: 7, pit_stop_count: 1 }),
      row(6, 2),
    ),
    stints: { 5: [stint(1, first), stint(2, { ...second, tyre_age_laps_at_start: 2 })] },
    pit_stops: { 5: [pitStop(1, { lap_number: 17, lane_duration_ms: 24_420 })] },
  })
  const stints = [...root.querySelectorAll('.stints li')]
  expect(stints.map((each) => each.textContent)).toEqual(['M171–17stop 24.4 s', 'H518–'])
  expect(stints[1]?.getAttribute('title')).toBe('Hard, 5 laps, 2 laps old at the start')
  expect(text('.stints p')).toContain('Hard, 7 laps old · lap 23 · 1 stop')
  act(() => live.choose(6))
  expect(root.querySelectorAll('.stints li')).toHaveLength(0)
})

it('lists stops, the newest first', () => {
  const stop = { lane_duration_ms: 28_876, stationary_duration_ms: 2900 }
  show({
    pit_stops: {
      5: [pitStop(1, { lap_number: 13, pit_in_time_ms: 10_000 })],
      6: [pitStop(1, { ...stop, lap_number: 17, pit_in_time_ms: 20_000, compound_before: 'MEDIUM' })],
    },
  })
  press('Stops')
  const rows = [...root.querySelectorAll('.stops tbody tr')].map((each) => each.textContent)
  expect(rows[0]).toContain('SSS')
  expect(rows[0]).toContain('28.9')
  expect(rows[0]).toContain('2.9')
  expect(rows[1]).toContain('QQQ')
})
