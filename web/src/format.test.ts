import { describe, expect, it } from 'vitest'
import { behind, countdown, gap, lapTime, localTime, parseSessionTime, sessionTime, unknown } from './format'

describe('lapTime', () => {
  it.each([
    [75586, '1:15.586'],
    [27211, '27.211'],
    [60000, '1:00.000'],
    [59999.6, '1:00.000'],
    [9, '0.009'],
    [0, '0.000'],
    [605123, '10:05.123'],
  ])('%d ms is %s', (ms, text) => expect(lapTime(ms)).toBe(text))

  it('has a dash for unknown', () => {
    expect([lapTime(null), lapTime(undefined), lapTime(-1)]).toEqual([unknown, unknown, unknown])
  })
})

describe('gap', () => {
  it.each([
    [412, null, '+0.412'],
    [69473, null, '+1:09.473'],
    [0, null, '+0.000'],
    [-5, null, '-0.005'],
    [null, 1, '+1 LAP'],
    [91000, 2, '+2 LAPS'],
    [null, null, unknown],
    [1500, 0, '+1.500'],
  ])('%s ms and %s laps is %s', (ms, laps, text) => expect(gap(ms, laps)).toBe(text))
})

it('countdown shows whole seconds and stops at zero', () => {
  expect([1_079_000, 1_078_001, 1_078_000, 0, -5].map(countdown)).toEqual([
    '17:59',
    '17:59',
    '17:58',
    '00:00',
    '00:00',
  ])
  expect(countdown(7_147_000)).toBe('1:59:07')
  expect(countdown(null)).toBe(unknown)
})

it('session time goes to text and back', () => {
  for (const ms of [0, 1000, 59_000, 60_000, 1_129_000, 3_600_000, 9_999_000])
    expect(parseSessionTime(sessionTime(ms))).toBe(ms)
  expect(sessionTime(1_129_441)).toBe('0:18:49')
})

it('reads session times as people write them, and nothing else', () => {
  expect(['18:49', '0:18:49', '1129', '1129.4'].map(parseSessionTime)).toEqual([
    1_129_000, 1_129_000, 1_129_000, 1_129_400,
  ])
  for (const text of [null, '', 'x', '-5', '1:2:3:4', '1:', '1e9', '12:345'])
    expect(parseSessionTime(text)).toBeNull()
})

it('local time is the clock at the track', () => {
  const base = { zero_date: '2030-10-25T20:46:23.900Z', gmt_offset_s: -21600 }
  expect(localTime(base, 1_129_441)).toBe('15:05:13')
  expect(localTime(base, 1_129_441, 'short')).toBe('15:05')
  expect(localTime({ ...base, gmt_offset_s: 5 * 3600 + 1800 }, 0)).toBe('02:16:23')
  expect(localTime({ ...base, zero_date: null }, 0)).toBe(unknown)
  expect(localTime({ ...base, gmt_offset_s: null }, 0)).toBe(unknown)
  expect(localTime({ ...base, zero_date: 'soon' }, 0)).toBe(unknown)
})

it('says how far behind in the shortest form', () => {
  expect([32_000, 133_000, 3_700_000].map(behind)).toEqual(['32 s', '2:13', '1:01:40'])
})
