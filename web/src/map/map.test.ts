import { describe, expect, it } from 'vitest'
import type { Point } from '../protocol'
import { cornerBox, emptiestCorner } from './corner'
import { type Fit, fitPoints, toScreen } from './fit'
import { extrapolation_ms_max, type PlacedSample, placeAt } from './interpolate'
import { type LabelRequest, placeLabels } from './labels'
import { LapPath } from './lap_path'

const ring = (radius_x: number, radius_y: number, turn = 0): Point[] =>
  Array.from({ length: 120 }, (_, i) => {
    const [x, y] = [radius_x * Math.cos((i * Math.PI) / 60), radius_y * Math.sin((i * Math.PI) / 60)]
    return [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)]
  })

const box = { width: 580, height: 480, padding: 40 }
const upright: Fit = { angle: 0, scale: 0.1, offset_x: 100, offset_y: 100 }

describe('fitting the outline', () => {
  it('draws y upwards: a point further north is higher on the screen', () => {
    expect(toScreen(upright, 0, 500)[1]).toBeLessThan(toScreen(upright, 0, 0)[1])
    expect(toScreen(upright, 500, 0)[0]).toBeGreaterThan(toScreen(upright, 0, 0)[0])
  })

  it('never mirrors: a left turn stays a left turn at any angle', () => {
    for (const turn of [0, 0.4, 1.2, 2.5]) {
      const fit = fitPoints(ring(9000, 3000, turn), box) as Fit
      const [a, b, c] = [toScreen(fit, 0, 0), toScreen(fit, 1000, 0), toScreen(fit, 1000, 1000)]
      // On a screen, y down, a turn to the left has a negative cross product.
      const cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
      expect(cross).toBeLessThan(0)
    }
  })

  it('turns a tall track to use a wide box', () => {
    const fit = fitPoints(ring(1000, 9000), { width: 800, height: 300, padding: 20 }) as Fit
    const upright_scale = 260 / 18_000
    expect(fit.scale).toBeGreaterThan(2.5 * upright_scale)
  })

  it('keeps every point inside the padding and touches it', () => {
    for (const turn of [0, 0.7, 1.5, 3]) {
      const points = ring(9000, 2500, turn)
      const fit = fitPoints(points, box) as Fit
      const screen = points.map(([x, y]) => toScreen(fit, x, y))
      const [xs, ys] = [screen.map((p) => p[0]), screen.map((p) => p[1])]
      const slack = Math.min(
        Math.min(...xs) - 40,
        540 - Math.max(...xs),
        Math.min(...ys) - 40,
        440 - Math.max(...ys),
      )
      expect(slack).toBeGreaterThan(-0.01)
      expect(slack).toBeLessThan(0.01)
    }
  })

  it('has no answer without points', () => expect(fitPoints([], box)).toBeNull())
})

describe('the way round', () => {
  const path = new LapPath(ring(5000, 5000))

  it('finds a place and comes back to the same point', () => {
    for (let i = 0; i < 50; i++) {
      const angle = i * 0.37
      const point: Point = [5150 * Math.cos(angle), 5150 * Math.sin(angle)]
      const place = path.project(...point, 400)
      const [x, y] = path.point(place as NonNullable<typeof place>)
      expect(Math.hypot(x - point[0], y - point[1])).toBeLessThan(12)
    }
  })

  it('does not claim what is far off', () => expect(path.project(0, 0, 400)).toBeNull())

  it('goes round the start', () => {
    expect(path.ahead(path.length_dm - 100, 100)).toBeCloseTo(200)
    const [ax, ay] = path.point({ along_dm: path.length_dm + 50, aside_dm: 0 })
    const [bx, by] = path.point({ along_dm: 50, aside_dm: 0 })
    expect([ax, ay]).toEqual([expect.closeTo(bx), expect.closeTo(by)])
  })
})

describe('placing a car', () => {
  const at = (session_time_ms: number, x_dm: number, y_dm = 0): PlacedSample => ({
    session_time_ms,
    x_dm,
    y_dm,
    on_path: null,
  })
  const samples = [at(0, 0), at(200, 100), at(400, 300)]

  it('interpolates between samples', () => {
    expect(placeAt(samples, 100, null)).toEqual({ x_dm: 50, y_dm: 0, is_stale: false })
    expect(placeAt(samples, 300, null)?.x_dm).toBe(200)
  })

  it('stands at the first sample before it and is nowhere without any', () => {
    expect(placeAt(samples, -500, null)?.x_dm).toBe(0)
    expect(placeAt([], 0, null)).toBeNull()
  })

  it('goes on for a second at most, then stands and is stale', () => {
    expect(placeAt(samples, 600, null)).toEqual({ x_dm: 500, y_dm: 0, is_stale: false })
    const furthest = 300 + (extrapolation_ms_max / 200) * 200
    expect(placeAt(samples, 1400, null)).toEqual({ x_dm: furthest, y_dm: 0, is_stale: false })
    expect(placeAt(samples, 9000, null)).toEqual({ x_dm: furthest, y_dm: 0, is_stale: true })
  })

  it('follows the corner when samples are far apart in time', () => {
    const path = new LapPath(ring(3000, 3000))
    const onRing = (time: number, angle: number): PlacedSample => {
      const [x, y] = [3000 * Math.cos(angle), 3000 * Math.sin(angle)]
      return { ...at(time, x, y), on_path: path.project(x, y, 400) }
    }
    const half = placeAt([onRing(0, 0), onRing(3000, 1)], 1500, path)
    expect(Math.hypot(half?.x_dm ?? 0, half?.y_dm ?? 0)).toBeGreaterThan(2980)
  })

  it('does not draw a car through a jump', () => {
    expect(placeAt([at(0, 0), at(200, 50_000)], 100, null)?.x_dm).toBe(0)
  })
})

describe('labels', () => {
  const label = (key: number, x: number, y: number): LabelRequest => ({ key, x, y, width: 34, height: 15 })
  const overlaps = (a: { x: number; y: number }, b: { x: number; y: number }) =>
    Math.abs(a.x - b.x) < 33 && Math.abs(a.y - b.y) < 14

  it('of a whole field in one place do not cover each other', () => {
    const field = Array.from({ length: 10 }, (_, i) => label(i, 280 + 3 * i, 240 + 2 * i))
    const placed = placeLabels(field, new Map(), box)
    const pairs = placed.flatMap((a, i) => placed.slice(i + 1).map((b) => overlaps(a, b)))
    expect(pairs.filter(Boolean)).toHaveLength(0)
    expect(placed.some((item) => item.has_leader)).toBe(true)
  })

  it('stay inside the box', () => {
    for (const { x, y } of placeLabels([label(1, 2, 2), label(2, 578, 478)], new Map(), box)) {
      expect(x).toBeGreaterThanOrEqual(17)
      expect(x).toBeLessThanOrEqual(563)
      expect(y).toBeGreaterThanOrEqual(7)
      expect(y).toBeLessThanOrEqual(473)
    }
  })

  it('keep their place when the car moves a little', () => {
    const field = [label(1, 200, 200), label(2, 215, 205), label(3, 190, 210)]
    const slots = new Map(placeLabels(field, new Map(), box).map((item) => [item.key, item.slot]))
    const moved = field.map((item) => ({ ...item, x: item.x + 1, y: item.y + 1 }))
    const again = new Map(placeLabels(moved, slots, box).map((item) => [item.key, item.slot]))
    expect(again).toEqual(slots)
  })

  it('leave the kept corner free', () => {
    const keep = cornerBox('top-left', box.width, box.height, [128, 50])
    const [placed] = placeLabels([label(1, 100, 56)], new Map(), box, keep)
    expect((placed?.y ?? 0) - 7.5 >= 50 || (placed?.x ?? 0) - 17 >= 128).toBe(true)
  })
})

it('the name stands in the corner the track leaves free', () => {
  const size: Point = [100, 40]
  expect(emptiestCorner([[10, 10]], 500, 400, size)).toBe('bottom-right')
  const three: Point[] = [
    [10, 10],
    [490, 390],
    [490, 10],
  ]
  expect(emptiestCorner(three, 500, 400, size)).toBe('bottom-left')
})
