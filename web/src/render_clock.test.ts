import { describe, expect, it } from 'vitest'
import { RenderClock } from './render_clock'

interface Run {
  drawn: number[]
  late: number[]
}

/** Plays ten seconds: a frame every 100 ms with a sample `sample_lag_ms` old, painted 60 times a second. */
function play(speed: number, sample_every_ms: number, jitter: (frame: number) => number): Run {
  const clock = new RenderClock()
  const run: Run = { drawn: [], late: [] }
  let newest: number | null = null
  let next_frame = 0
  for (let now = 0; now < 10_000; now += 1000 / 60) {
    while (now >= next_frame * 100 + jitter(next_frame)) {
      const cursor_ms = 100_000 + next_frame * 100 * speed
      clock.onFrame({ cursor_ms, is_playing: true, speed, newest_sample_ms: newest }, now)
      newest = Math.floor(cursor_ms / sample_every_ms) * sample_every_ms
      next_frame += 1
    }
    const time = clock.drawnTime(now)
    run.drawn.push(time)
    if (now > 5000) run.late.push(time - (newest ?? time))
  }
  return run
}

describe.each([1, 2, 10, 30])('at %d times the speed', (speed) => {
  const run = play(speed, 220, (frame) => (frame % 3) * 12)

  it('the picture never goes back', () => {
    for (let i = 1; i < run.drawn.length; i++)
      expect(run.drawn[i]).toBeGreaterThanOrEqual(run.drawn[i - 1] as number)
  })

  it('runs behind the newest sample nearly always, so that cars are interpolated', () => {
    const beyond = run.late.filter((ms) => ms > 0).length
    expect(beyond / run.late.length).toBeLessThan(0.05)
  })

  it('but not more than half a second of samples behind', () => {
    const behind = Math.max(...run.late.map((ms) => -ms))
    expect(behind).toBeLessThan(Math.max(650, 350 * speed))
  })
})

it('comes to the cursor when paused', () => {
  const clock = new RenderClock()
  clock.onFrame({ cursor_ms: 5000, is_playing: false, speed: 1, newest_sample_ms: null }, 0)
  for (let now = 0; now < 5000; now += 16) clock.drawnTime(now)
  expect(clock.drawnTime(5000)).toBeCloseTo(5000)
  expect(clock.cursor(99_000)).toBe(5000)
})

it('does not run on for ever when frames stop', () => {
  const clock = new RenderClock()
  clock.onFrame({ cursor_ms: 5000, is_playing: true, speed: 1, newest_sample_ms: null }, 0)
  expect(clock.cursor(60_000)).toBe(6500)
})
