import { describe, expect, it } from 'vitest'
import { hintAt, rulerMarks } from './components/timeline'
import { modeText, remainingAt } from './components/top_bar'
import { chipOf, currentFlag, flagOfStatus } from './flags'
import { filledTo, miniShape } from './mini_shape'
import type { Player, Session, Timeline } from './protocol'
import { byNumber, car, message, row, snapshot } from './testing/frames'
import { runsOf } from './trace_scene'
import { tyreOf } from './tyres'
import { readUrl, writeUrl } from './url_state'

describe('flags', () => {
  it('knows the codes and words for one it does not know', () => {
    expect(['1', '2', '4', '5', '6', '7'].map((status) => flagOfStatus(status).look)).toEqual([
      'clear',
      'yellow',
      'safety',
      'red',
      'safety',
      'safety',
    ])
    expect(flagOfStatus('9', 'Something new')).toEqual({ look: 'none', label: 'Something new' })
    expect(flagOfStatus(null).look).toBe('none')
  })

  it('a hazard outranks the chequered flag', () => {
    const track = (status: string) => ({ status, message: null, session_time_ms: 0 })
    expect(currentFlag(track('1'), 'Finished').look).toBe('finished')
    expect(currentFlag(track('2'), 'Finished').look).toBe('yellow')
    expect(currentFlag(null, 'Started').look).toBe('none')
  })

  it('race control messages get the chip of their flag', () => {
    const chip = (flag: string | null, category: string | null = null) =>
      chipOf(message(0, { flag, category })).look
    expect(
      ['DOUBLE YELLOW', 'RED', 'CHEQUERED', 'BLUE', 'CLEAR', 'BLACK AND WHITE'].map((flag) => chip(flag)),
    ).toEqual(['yellow', 'red', 'finished', 'blue', 'clear', 'black'])
    expect([chip(null, 'SafetyCar'), chip(null, 'Other'), chip(null)]).toEqual(['safety', 'info', 'info'])
  })
})

it('tyres have a letter, also a compound nobody has heard of', () => {
  const letters = ['SOFT', 'medium', 'HARD', 'INTERMEDIATE', 'WET', 'UNKNOWN', 'HYPERSOFT'].map(
    (compound) => tyreOf(compound)?.letter,
  )
  expect(letters).toEqual(['S', 'M', 'H', 'I', 'W', '?', 'H'])
  expect([tyreOf(null), tyreOf('')]).toEqual([null, null])
})

it('the link carries session, time, driver and the compared laps, and keeps what it does not know', () => {
  const state = {
    session_key: 7,
    session_time_ms: 1_129_000,
    driver_number: 5,
    lap: 'last',
    versus: 16,
    versus_lap: '12',
  } as const
  const search = writeUrl('?x=1', state)
  expect(search).toBe('?x=1&session=7&t=0:18:49&driver=5&lap=last&vs=16&vslap=12')
  expect(readUrl(search)).toEqual(state)
  expect(writeUrl(search, readUrl(''))).toBe('?x=1')
  expect(readUrl('?session=abc&t=x&driver=-1')).toEqual({
    session_key: null,
    session_time_ms: null,
    driver_number: null,
    lap: null,
    versus: null,
    versus_lap: null,
  })
})

it('the session clock is carried on from the last message, and never below zero', () => {
  const clock = { session_time_ms: 100_000, remaining_ms: 60_000, is_extrapolating: true }
  expect(remainingAt(clock, 110_000)).toBe(50_000)
  expect(remainingAt(clock, 900_000)).toBe(0)
  expect(remainingAt({ ...clock, is_extrapolating: false }, 110_000)).toBe(60_000)
  expect(remainingAt(null, 0)).toBeNull()
})

it('the source says where the picture comes from and how far behind it is', () => {
  const player: Player = {
    mode: 'live',
    is_playing: true,
    speed: 1,
    is_at_edge: true,
    edge_ms: 100_000,
    delay_ms: 0,
  }
  expect(modeText(player, 100_000)).toBe('LIVE')
  expect(modeText({ ...player, is_at_edge: false }, 68_000)).toBe('LIVE −32 s')
  expect(modeText({ ...player, mode: 'replay', speed: 10 }, 100_000)).toBe('REPLAY 10×')
  expect(modeText({ ...player, mode: 'archive', is_at_edge: false }, 1000)).toBe('ARCHIVE 1×')
})

describe('the timeline', () => {
  const timeline = snapshot().timeline as Timeline
  const session = snapshot().session as Session

  it('has its ruler at round local times', () => {
    const odd = { ...session, zero_date: '2030-01-01T11:03:20.000Z' }
    const marks = rulerMarks(timeline, odd, 12)
    expect(marks.length).toBeGreaterThan(0)
    for (const ms of marks) expect((Date.parse(odd.zero_date) + ms) % 300_000).toBe(0)
  })

  it('names what is under the pointer', () => {
    const busy: Timeline = {
      ...timeline,
      bands: [{ from_ms: 100_000, to_ms: 200_000, status: '5' }],
      ticks: [{ session_time_ms: 300_000, kind: 'chequered', label: 'CHEQUERED FLAG' }],
    }
    expect([50_000, 150_000, 301_000].map((ms) => hintAt(busy, ms))).toEqual([
      null,
      'Red flag',
      'CHEQUERED FLAG',
    ])
  })
})

it('the trace has a hole where the feed had none', () => {
  const samples = [0, 200, 400, 20_000, 20_200].map((ms) => car(ms))
  expect(runsOf(samples, 0, 30_000).map((run) => run.length)).toEqual([3, 2])
  expect(runsOf(samples, 300, 20_100).map((run) => run.length)).toEqual([1, 1])
})

describe('mini-sectors', () => {
  it('have the longest shape seen, and the same array when nothing is new', () => {
    const rows = byNumber(
      row(5, 1, { mini_sectors: [[2049], [], []] }),
      row(6, 2, { mini_sectors: [[2049, 2048, 2048], [2051]] }),
      row(7, 3),
    )
    const shape = miniShape([], rows)
    expect(shape).toEqual([3, 1])
    expect(miniShape(shape, byNumber(row(5, 1, { mini_sectors: [[], [], []] })))).toBe(shape)
    expect(miniShape(shape, byNumber(row(5, 1, { mini_sectors: [[], [1, 2], [1]] })))).toEqual([3, 2, 1])
  })

  it('not reached yet are there, empty', () => {
    expect(filledTo([2, 1], [[2049]])).toEqual([[2049, null], [null]])
    expect(filledTo([2, 1], null)).toEqual([[null, null], [null]])
  })
})
