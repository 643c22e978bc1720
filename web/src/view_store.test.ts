import { describe, expect, it } from 'vitest'
import type { Sections, ServerFrame, SnapshotFrame } from './protocol'
import { byNumber, car, delta, driver, message, row, snapshot } from './testing/frames'
import { applyFrame, type View } from './view_store'

function viewAfter(...frames: ServerFrame[]): View {
  let view: View | null = null
  for (const frame of frames) view = applyFrame(view, frame).view
  if (!view) throw new Error('no view')
  return view
}

describe('a snapshot', () => {
  it('replaces everything that was there', () => {
    const before = snapshot({ rows: byNumber(row(5, 1), row(6, 2)), race_control: [message(0)] })
    const view = viewAfter(before, snapshot({ stream: 'b', number: 9, rows: byNumber(row(7, 1)) }))
    expect(Object.keys(view.rows)).toEqual(['7'])
    expect(view.race_control).toEqual([])
    expect([view.stream, view.number]).toEqual(['b', 9])
  })
})

describe('a delta', () => {
  it('replaces a changed entry whole and keeps the identity of the others', () => {
    const first = viewAfter(snapshot({ rows: byNumber(row(5, 1, { gap_ms: 10 }), row(6, 2)) }))
    const { view } = applyFrame(first, delta(2, { rows: byNumber(row(5, 2)) }))
    expect(view?.rows[5]).toEqual(row(5, 2))
    expect(view?.rows[6]).toBe(first.rows[6])
    expect(first.rows[5]?.position).toBe(1)
  })

  it('keeps the identity of sections it does not carry', () => {
    const first = viewAfter(snapshot({ drivers: byNumber(driver(5)), race_control: [message(0)] }))
    const { view } = applyFrame(first, delta(2))
    expect(view?.drivers).toBe(first.drivers)
    expect(view?.race_control).toBe(first.race_control)
    expect(view?.cursor_ms).toBe(60_200)
  })

  it('merges cars by number and appends messages', () => {
    const view = viewAfter(
      snapshot({ cars: { 5: car(1), 6: car(1) }, race_control: [message(0)] }),
      delta(2, { cars: { 6: car(2) }, race_control: [message(1), message(2)] }),
    )
    expect([view.cars[5]?.session_time_ms, view.cars[6]?.session_time_ms]).toEqual([1, 2])
    expect(view.race_control.map((item) => item.message_number)).toEqual([0, 1, 2])
  })

  it('can make a section null again', () => {
    const clock = { session_time_ms: 1, remaining_ms: 2, is_extrapolating: true }
    expect(viewAfter(snapshot({ clock }), delta(2, { clock: null })).clock).toBeNull()
  })

  it('is ignored when its number was seen', () => {
    const first = viewAfter(snapshot(), delta(2))
    const applied = applyFrame(first, delta(2, { session_status: 'Finished' }))
    expect(applied.outcome).toBe('ignored')
    expect(applied.view).toBe(first)
  })

  it('is not applied when a number before it is missing, or the stream is another', () => {
    const first = viewAfter(snapshot())
    expect(applyFrame(first, delta(3)).outcome).toBe('missed')
    expect(applyFrame(first, { ...delta(2), stream: 'b' }).outcome).toBe('missed')
    expect(applyFrame(null, delta(2)).outcome).toBe('missed')
    expect(applyFrame(first, delta(3)).view).toBe(first)
  })
})

it('waiting empties the view, an error leaves it', () => {
  const first = viewAfter(snapshot())
  expect(applyFrame(first, { type: 'error', message: 'no' }).view).toBe(first)
  expect(applyFrame(first, { type: 'waiting', stream: 'b', number: 0, is_catching_up: false })).toEqual({
    view: null,
    outcome: 'waiting',
  })
})

/** A small seeded generator: the same cases on every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
}

type Change = Partial<Pick<Sections, 'rows' | 'cars' | 'race_control' | 'session_status'>>

function changeOf(next: () => number, messages: number): Change {
  const change: Change = {}
  const number = 1 + Math.floor(next() * 4)
  if (next() < 0.6) change.rows = byNumber(row(number, Math.floor(next() * 20)))
  if (next() < 0.6) change.cars = { [number]: car(Math.floor(next() * 1000)) }
  if (next() < 0.3) change.race_control = [message(messages)]
  if (next() < 0.2) change.session_status = next() < 0.5 ? null : 'Started'
  return change
}

it('any run of deltas equals the snapshot of their sum', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed)
    let view = viewAfter(snapshot())
    const sum: SnapshotFrame = snapshot()
    for (let number = 2; number < 30; number++) {
      const change = changeOf(next, sum.race_control.length)
      view = applyFrame(view, delta(number, change)).view as View
      Object.assign(sum.rows, change.rows)
      Object.assign(sum.cars, change.cars)
      sum.race_control.push(...(change.race_control ?? []))
      if (change.session_status !== undefined) sum.session_status = change.session_status
      sum.number = number
      sum.cursor_ms = 60_000 + 100 * number
    }
    expect(view).toEqual(viewAfter(sum))
  }
})
