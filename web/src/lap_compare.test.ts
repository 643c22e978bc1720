import { describe, expect, it } from 'vitest'
import {
  comparedCar,
  deltaAt,
  deltaOf,
  type LapTelemetry,
  type LapTrace,
  lapChoiceOf,
  pathOf,
  rivalOf,
  timeAt,
  traceOf,
  valueAt,
} from './lap_compare'

/** A lap at one speed, a sample every quarter of a second. */
function lap(driver_number: number, lap_time_ms: number, length_m: number, more: Partial<LapTelemetry> = {}) {
  const time_ms = Array.from({ length: Math.floor(lap_time_ms / 250) }, (_, index) => 100 + 250 * index)
  return {
    driver_number,
    lap_number: 1,
    lap_time_ms,
    is_under_way: false,
    length_m,
    time_ms,
    distance_m: time_ms.map((ms) => (ms / lap_time_ms) * length_m),
    speed_kmh: time_ms.map(() => 200),
    throttle_pct: time_ms.map(() => 50),
    gear: time_ms.map((_, index) => (index < 100 ? 7 : 8)),
    is_braking: time_ms.map(() => false),
    ...more,
  } satisfies LapTelemetry
}

const trace = (made: LapTelemetry) => traceOf(made) as LapTrace

describe('a trace', () => {
  it('goes by the share of the lap, so that cars that measure another length fit', () => {
    const [short, long] = [trace(lap(4, 80_000, 4000)), trace(lap(16, 80_000, 4060))]
    expect(timeAt(short, 0.5)).toBeCloseTo(40_000, 3)
    for (const share of [0, 0.1, 0.5, 0.999, 1]) expect(deltaAt(short, long, share)).toBeCloseTo(0, 3)
  })

  it('begins and ends on the line', () => {
    const made = trace(lap(4, 80_000, 4000))
    expect(timeAt(made, 0)).toBe(0)
    expect(timeAt(made, 1)).toBe(80_000)
  })

  it('is none without a length or with hardly a sample', () => {
    expect(traceOf(null)).toBeNull()
    expect(traceOf(lap(4, 80_000, 4000, { length_m: null }))).toBeNull()
    expect(traceOf(lap(4, 1000, 4000))).toBeNull()
  })

  it('keeps the value that was sent last', () => {
    const made = trace(lap(4, 80_000, 4000))
    expect(valueAt(made, made.lap.gear, 0)).toBe(7)
    expect(valueAt(made, made.lap.gear, 1)).toBe(8)
  })
})

it('the delta ends at the difference of the lap times', () => {
  const delta = deltaOf(trace(lap(16, 80_500, 4000)), trace(lap(4, 80_000, 4000)))
  expect(delta.delta_ms[0]).toBe(0)
  expect(delta.delta_ms.at(-1)).toBeCloseTo(500, 3)
  expect(delta.scale_ms).toBe(500)
})

it('the scale of the delta is in whole tenths, at least one', () => {
  const scale = (ms: number) =>
    deltaOf(trace(lap(16, 80_000 + ms, 4000)), trace(lap(4, 80_000, 4000))).scale_ms
  expect([0, 30, 100, 101, 290, -290].map(scale)).toEqual([100, 100, 100, 200, 300, 300])
})

it('a lap under way is compared as far as it is driven', () => {
  const whole = lap(4, 80_000, 4000)
  const half = <T>(column: readonly T[]) => column.slice(0, column.length / 2)
  const underWay = trace({
    ...whole,
    lap_time_ms: null,
    is_under_way: true,
    time_ms: half(whole.time_ms),
    distance_m: half(whole.distance_m),
  })
  const delta = deltaOf(underWay, trace(lap(16, 81_000, 4000)))
  expect(delta.share.at(-1)).toBeCloseTo(0.5, 1)
  expect(delta.delta_ms.at(-1)).toBeCloseTo(-500, -1)
})

it('the rival is the car ahead, for the leader the one behind', () => {
  const ordered = [{ driver_number: 4 }, { driver_number: 16 }, { driver_number: 44 }]
  expect(rivalOf(ordered, 16)).toBe(4)
  expect(rivalOf(ordered, 4)).toBe(16)
  expect(rivalOf(ordered, 99)).toBeNull()
  expect(rivalOf([{ driver_number: 4 }], 4)).toBeNull()
})

it('a car is compared with itself only by another lap', () => {
  const ordered = [{ driver_number: 4 }, { driver_number: 16 }, { driver_number: 44 }]
  expect(comparedCar(ordered, 16, 44, false)).toBe(44)
  expect(comparedCar(ordered, 16, 16, true)).toBe(16)
  expect(comparedCar(ordered, 16, 16, false)).toBe(4)
  expect(comparedCar(ordered, 16, 99, true)).toBe(4)
  expect(comparedCar(ordered, 16, null, true)).toBe(4)
})

it('a lap is chosen by its number or by what it is', () => {
  expect(['best', 'last', 'current', '1', '78'].map(lapChoiceOf)).toEqual([
    'best',
    'last',
    'current',
    '1',
    '78',
  ])
  expect(['', '0', '-1', '1.5', 'fastest', '01', '12345', null].map(lapChoiceOf)).toEqual(Array(8).fill(null))
})

it('a path has a hole where nothing is known', () => {
  expect(pathOf([0, 0.5, 1], [0, null, 100], 0, 100, 10)).toBe('M0.0 100.0M10.0 0.0')
  expect(pathOf([0, 1], [0, 100], 0, 100, 10)).toBe('M0.0 100.0L10.0 0.0')
})
