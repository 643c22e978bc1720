import { describe, expect, it } from 'vitest'
import { byNumber, driver, row } from './testing/frames'
import { automaticDriver, carLabel, carState, isRace, orderRows, partName, secondCars } from './tower_order'

const numbers = (rows: { driver_number: number }[]) => rows.map((item) => item.driver_number)

describe('the order of the tower', () => {
  it('is the position and nothing else: laps, times and gaps have no say', () => {
    const rows = byNumber(
      row(5, 2, { lap_number: 40, best_lap_time_ms: 60_000, gap_ms: 0 }),
      row(6, 1, { lap_number: 2, best_lap_time_ms: 99_000, gap_ms: 90_000 }),
      row(7, 3, { lap_number: 50 }),
    )
    expect(numbers(orderRows(rows, {}))).toEqual([6, 5, 7])
  })

  it("puts cars without a position last, in the feed's own order", () => {
    const rows = byNumber(row(1, null), row(2, null), row(3, 1), row(4, null))
    const drivers = byNumber(driver(1, { line: 3 }), driver(2, { line: 2 }), driver(3, { line: 9 }))
    expect(numbers(orderRows(rows, drivers))).toEqual([3, 2, 1, 4])
  })

  it('holds for any number of cars', () => {
    const count = 35
    const rows = byNumber(...Array.from({ length: count }, (_, i) => row(i + 1, ((i * 13) % count) + 1)))
    expect(orderRows(rows, {}).map((item) => item.position)).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    )
  })
})

describe('the driver shown when none is chosen', () => {
  const ordered = [row(5, 1, { is_in_pit: true }), row(6, 2), row(7, 3)]

  it('is the best placed one on the track', () => expect(automaticDriver(null, ordered)).toBe(6))
  it('stays while on the track', () => expect(automaticDriver(7, ordered)).toBe(7))
  it('changes when it goes to the pits', () => expect(automaticDriver(5, ordered)).toBe(6))
  it('stays when nobody is on the track', () => {
    const parked = ordered.map((item) => ({ ...item, is_in_pit: true }))
    expect([automaticDriver(7, parked), automaticDriver(null, parked)]).toEqual([7, 5])
  })
  it('is nobody when there are no cars', () => expect(automaticDriver(null, [])).toBeNull())
})

it('a car is called by its code, or by its number until it has one', () => {
  const drivers = byNumber(driver(5, { driver_code: 'QQQ' }), driver(6))
  expect([5, 6, 99].map((number) => carLabel(number, drivers))).toEqual(['QQQ', '6', '99'])
})

it('team mates differ, cars without a team do not', () => {
  const drivers = byNumber(
    driver(44, { team_name: 'A' }),
    driver(16, { team_name: 'A' }),
    driver(3, { team_name: 'B' }),
    driver(8),
    driver(9),
  )
  expect([...secondCars(drivers)]).toEqual([44])
})

it('tells the state that matters most', () => {
  expect(carState(row(1, 1, { is_retired: true, is_in_pit: true }))).toBe('retired')
  expect(carState(row(1, 1, { is_knocked_out: true, is_in_pit: true }))).toBe('knocked_out')
  expect(carState(row(1, 1, { is_pit_out: true }))).toBe('out_lap')
  expect(carState(row(1, 1))).toBe('running')
})

it('names parts and knows races', () => {
  expect([partName('qualifying', 2), partName('sprint_qualifying', 1), partName('practice', 1)]).toEqual([
    'Q2',
    'SQ1',
    'Part 1',
  ])
  expect(['race', 'Race', 'sprint', 'qualifying', 'sprint_qualifying', null].map(isRace)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
