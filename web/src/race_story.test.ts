import { describe, expect, it } from 'vitest'
import {
  closingPerLap,
  decisionsOf,
  isClassified,
  penaltyBadges,
  penaltyName,
  placesGained,
  raceTime,
  resultTime,
} from './race_story'
import { byNumber, penalty, result, row } from './testing/frames'

const byPenalty = (...items: ReturnType<typeof penalty>[]) =>
  Object.fromEntries(items.map((item) => [item.penalty_number, item]))

describe('penalties', () => {
  it('have a name by kind, and are an incident before they have one', () => {
    expect(penaltyName(penalty(0, { kind: 'time', seconds: 5 }))).toBe('5 s')
    expect(penaltyName(penalty(0, { kind: 'stop_and_go', seconds: 10 }))).toBe('Stop and go 10 s')
    expect(penaltyName(penalty(0))).toBe('Incident')
  })

  it('that are not served add up to a badge', () => {
    const five = { kind: 'time', seconds: 5, driver_number: 4, state: 'imposed' } as const
    const badges = penaltyBadges(
      byPenalty(
        penalty(0, five),
        penalty(1, { ...five, seconds: 10 }),
        penalty(2, { ...five, state: 'served' }),
        penalty(3, { driver_number: 1, kind: 'warning', state: 'imposed' }),
        penalty(4, { driver_number: 5, kind: 'drive_through', state: 'imposed' }),
      ),
    )
    expect(badges.get(4)?.text).toBe('+15')
    expect(badges.get(5)?.text).toBe('DT')
    expect(badges.has(1)).toBe(false)
  })

  it('come by their newest message', () => {
    const noted = penalty(0, { noted_message_number: 7 })
    const served = penalty(1, { noted_message_number: 2, served_message_number: 9, state: 'served' })
    expect(decisionsOf(byPenalty(noted, served)).map((each) => each.penalty_number)).toEqual([1, 0])
  })
})

describe('results', () => {
  it('have the winner’s time, gaps, laps, or why there is none', () => {
    expect(resultTime(result(1, 1, { race_time_ms: 4_404_544 }))).toBe('1:13:24.544')
    expect(resultTime(result(4, 2, { gap_ms: 19_207, gap_laps: 0 }))).toBe('+19.207')
    expect(resultTime(result(18, 18, { gap_laps: 1 }))).toBe('+1 LAP')
    expect(resultTime(result(14, 19, { classified_position: 'R' }))).toBe('Retired')
  })

  it('keep the zeros of long race times', () => {
    expect(raceTime(3_600_000 + 5_007)).toBe('1:00:05.007')
    expect(raceTime(7_200_000 + 65_050)).toBe('2:01:05.050')
    expect(raceTime(null)).toBe('–')
  })

  it('know places gained only from a place on the grid', () => {
    expect(placesGained(result(1, 2, { grid_position: 5 }))).toBe(3)
    expect(placesGained(result(1, 2, { grid_position: 0 }))).toBeNull()
    expect(placesGained(result(1, 2))).toBeNull()
  })
})

describe('the classification', () => {
  const race = { status: 'Finished', kind: 'race', part: null }
  const results = byNumber(result(1, 1), result(4, 2, { status: 'Retired' }))

  it('waits for who is still on the way to the line', () => {
    expect(isClassified(race, results, byNumber(row(1, 1), row(4, 2)))).toBe(false)
    expect(isClassified(race, results, byNumber(row(1, 1), row(4, 2, { is_retired: true })))).toBe(true)
    expect(isClassified({ ...race, status: 'Finalised' }, results, byNumber(row(1, 1), row(4, 2)))).toBe(true)
  })

  it('is none while cars race, between the parts of a qualifying, or without results', () => {
    const parts = { status: 'Finished', kind: 'qualifying' }
    const timed = byNumber(result(1, 1))
    expect(isClassified({ ...parts, part: 1 }, timed, {})).toBe(false)
    expect(isClassified({ ...parts, part: 3 }, timed, {})).toBe(true)
    expect(isClassified({ ...race, status: 'Started' }, timed, {})).toBe(false)
    expect(isClassified(race, {}, {})).toBe(false)
  })
})

it('says by how much a gap closes a lap', () => {
  const battle = { behind_driver_number: 4, ahead_driver_number: 1, interval_ms: 700 }
  expect(closingPerLap({ ...battle, line_gaps_ms: [1900, 1500, 1100, 700] })).toBe(400)
  expect(closingPerLap({ ...battle, line_gaps_ms: [700] })).toBeNull()
})
