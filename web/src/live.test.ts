import { beforeEach, describe, expect, it } from 'vitest'
import { Live } from './live'
import { FakeOutside } from './testing/fake_outside'
import { byNumber, car, delta, row, snapshot } from './testing/frames'
import { readUrl } from './url_state'

let outside: FakeOutside
let live: Live

function open(session_time_ms: number | null = null, driver_number: number | null = null): void {
  outside = new FakeOutside()
  live = new Live(outside, { ...readUrl(''), session_key: null, session_time_ms, driver_number })
  live.start()
  outside.connect()
}

const player = {
  mode: 'replay',
  is_playing: true,
  speed: 2,
  is_at_edge: false,
  edge_ms: 60_000,
  delay_ms: 0,
} as const

beforeEach(() => open())

const seeks = () => outside.sent.filter((sent) => sent.type === 'seek')

describe('frames', () => {
  it('a missed number is asked for again, behind the one we have', () => {
    outside.receive(snapshot())
    outside.receive(delta(3, { session_status: 'Finished' }))
    expect(outside.sent[1]).toEqual({ type: 'hello', resume: { stream: 'a', number: 1 } })
    expect(live.session_status.value).toBe('Started')
  })

  it('a snapshot throws the samples of before away', () => {
    outside.receive(snapshot({ cars: { 5: car(100, { x_dm: 1, y_dm: 2 }) } }))
    outside.receive(delta(2, { cars: { 5: car(300, { x_dm: 2, y_dm: 3 }) } }))
    expect(live.samples.positionsOf(5)).toHaveLength(2)
    outside.receive(snapshot({ stream: 'b', cars: { 5: car(50, { x_dm: 7, y_dm: 8 }) } }))
    expect(live.samples.positionsOf(5).map((sample) => sample.x_dm)).toEqual([7])
  })

  it('a car without a position is no car at 0, 0', () => {
    outside.receive(snapshot({ cars: { 5: car(100, { speed_kmh: 200 }) } }))
    expect(live.samples.positionsOf(5)).toEqual([])
    expect(live.samples.telemetryOf(5)).toHaveLength(1)
  })
})

describe('seeking', () => {
  beforeEach(() => outside.receive(snapshot()))

  it('is clamped to what is on the log and shown at once', () => {
    live.seek(999_999)
    expect(live.cursor_ms.value).toBe(60_000)
    live.seekBy(-5000)
    outside.advance(200)
    expect(live.cursor_ms.value).toBe(55_000)
    expect(seeks().at(-1)).toEqual({ type: 'seek', session_time_ms: 55_000 })
  })

  it('while dragging sends a few and always the last', () => {
    for (let ms = 10_000; ms < 10_050; ms++) live.seek(ms)
    expect(seeks()).toHaveLength(1)
    outside.advance(200)
    expect(seeks().map((seek) => seek.type === 'seek' && seek.session_time_ms)).toEqual([10_000, 10_049])
  })

  it('steps add up before the server has answered', () => {
    live.seekBy(-5000)
    live.seekBy(-5000)
    expect(live.cursor_ms.value).toBe(50_000)
    outside.advance(100)
    outside.receive(snapshot({ stream: 'b', cursor_ms: 50_300 }))
    expect(live.cursor_ms.value).toBe(50_300)
  })
})

describe('the cursor while the viewer drags', () => {
  const answer = (cursor_ms: number, stream = 'b') => outside.receive(snapshot({ stream, player, cursor_ms }))
  beforeEach(() => {
    outside.receive(snapshot())
    live.seek(40_000)
    outside.advance(150)
    live.seek(20_000)
  })

  it('is not taken back by the answer to an older seek', () => {
    answer(40_000)
    expect(live.cursor_ms.value).toBe(20_000)
    expect(live.view.value?.cursor_ms).toBe(40_000)
    answer(20_300)
    expect(live.cursor_ms.value).toBe(20_300)
  })

  it('waits for the seek that is not sent yet', () => {
    outside.advance(150)
    live.seek(21_000)
    live.seek(22_000)
    answer(21_000)
    expect(live.cursor_ms.value).toBe(22_000)
    outside.advance(100)
    expect(seeks().at(-1)).toEqual({ type: 'seek', session_time_ms: 22_000 })
    answer(22_300, 'c')
    expect(live.cursor_ms.value).toBe(22_300)
  })

  it('is given up when no answer comes within five seconds of the last move', () => {
    outside.advance(4000)
    live.seek(15_000)
    outside.advance(4900)
    expect(live.cursor_ms.value).toBe(15_000)
    outside.advance(200)
    expect(live.cursor_ms.value).toBe(60_000)
  })

  it('goes to the newest at once when that is asked for, and nothing is sought behind it', () => {
    live.seek(18_000)
    live.goLive()
    expect(live.cursor_ms.value).toBe(60_000)
    outside.advance(6000)
    expect(outside.sent.at(-1)).toEqual({ type: 'live' })
  })

  it('dragged to the newest goes on with it, however far that has come', () => {
    outside.advance(150)
    live.seek(60_000)
    outside.receive(snapshot({ stream: 'c', cursor_ms: 70_000 }))
    expect(live.cursor_ms.value).toBe(70_000)
  })

  it('is that of another session as soon as that is shown', () => {
    const { session } = snapshot()
    outside.receive(snapshot({ stream: 'c', session: { ...session, session_key: 8 }, cursor_ms: 90_000 }))
    expect(live.cursor_ms.value).toBe(90_000)
  })
})

describe('the time in the link', () => {
  it('is sought once after the first snapshot', () => {
    open(30_000)
    outside.receive(snapshot())
    outside.receive(snapshot({ stream: 'b', cursor_ms: 30_000 }))
    expect(seeks()).toEqual([{ type: 'seek', session_time_ms: 30_000 }])
  })

  it('waits until the server has caught up', () => {
    open(30_000)
    outside.receive({ type: 'waiting', stream: 'w', number: 0, is_catching_up: true })
    expect(seeks()).toEqual([])
    outside.receive(snapshot())
    expect(seeks()).toEqual([{ type: 'seek', session_time_ms: 30_000 }])
  })

  it('is written only by a viewer who is not at the edge', () => {
    outside.receive(snapshot())
    expect(live.urlState()).toEqual({ ...readUrl(''), session_key: 7 })
    outside.receive(delta(2, { player, cursor_ms: 20_000 }))
    expect(live.urlState().session_time_ms).toBe(20_000)
  })

  it('brings a viewer back after the server has lost the stream', () => {
    outside.receive(snapshot({ player, cursor_ms: 20_000 }))
    outside.drop()
    outside.advance(1000)
    outside.connect()
    outside.receive(snapshot({ stream: 'new' }))
    expect(seeks()).toEqual([{ type: 'seek', session_time_ms: 20_000 }])
  })
})

it('the chosen driver is shown, chosen again the page decides', () => {
  outside.receive(snapshot({ rows: byNumber(row(5, 1), row(6, 2)) }))
  expect(live.shown.value).toBe(5)
  live.choose(6)
  expect(live.shown.value).toBe(6)
  live.choose(6)
  expect(live.shown.value).toBe(5)
  live.choose(99)
  expect(live.shown.value).toBe(5)
})
