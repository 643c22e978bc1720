// Painting the map: the track once on a canvas of its own, the cars on every frame. Screen pixels throughout.
import type { FlagLook } from '../flags'
import type { Outline, Point } from '../protocol'
import { type Fit, toScreen } from './fit'

export const labelFont = '650 11px Inter, system-ui, sans-serif'
const casingWidth = 10
const trackWidth = 6

const trackColour: Record<FlagLook, string> = {
  clear: '#6b7885',
  none: '#6b7885',
  finished: '#6b7885',
  yellow: '#c9ab12',
  safety: '#c98a1c',
  red: '#c23c3e',
}

/** A smooth closed line through all points (Catmull-Rom as Bezier curves). */
function traceClosed(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  const count = points.length
  const at = (index: number) => points[((index % count) + count) % count] as Point
  context.beginPath()
  context.moveTo(...at(0))
  for (let i = 0; i < count; i++) {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    context.bezierCurveTo(
      from[0] + (to[0] - before[0]) / 6,
      from[1] + (to[1] - before[1]) / 6,
      to[0] - (after[0] - from[0]) / 6,
      to[1] - (after[1] - from[1]) / 6,
      ...to,
    )
  }
  context.closePath()
}

/** The line across the track at its start, with a small arrow in the direction of driving. */
function drawStart(context: CanvasRenderingContext2D, points: readonly Point[], start: Point): void {
  let nearest = 0
  const distance = ([x, y]: Point) => Math.hypot(x - start[0], y - start[1])
  points.forEach((point, index) => {
    if (distance(point) < distance(points[nearest] as Point)) nearest = index
  })
  const count = points.length
  const from = points[(nearest - 1 + count) % count] as Point
  const to = points[(nearest + 1) % count] as Point
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0])
  context.save()
  context.translate(start[0], start[1])
  context.rotate(angle)
  context.fillStyle = '#e6edf3'
  context.fillRect(-1.5, -10, 3, 20)
  context.beginPath()
  context.moveTo(5, -15)
  context.lineTo(13, -11.5)
  context.lineTo(5, -8)
  context.fill()
  context.restore()
}

export function drawTrack(
  context: CanvasRenderingContext2D,
  outline: Outline,
  fit: Fit,
  look: FlagLook,
): void {
  const points = outline.points_dm.map(([x, y]) => toScreen(fit, x, y))
  context.lineJoin = 'round'
  traceClosed(context, points)
  context.strokeStyle = '#05080c'
  context.lineWidth = casingWidth
  context.stroke()
  context.strokeStyle = trackColour[look]
  context.lineWidth = trackWidth
  context.stroke()
  const start = outline.start_dm ?? outline.points_dm[0]
  if (start) drawStart(context, points, toScreen(fit, start[0], start[1]))
}

export interface CarMark {
  driver_number: number
  x: number
  y: number
  colour: string
  label: string
  /** Team mates differ: the second car's dot has a dark heart. */
  isSecond: boolean
  isShown: boolean
  /** Not seen just now, or reckoned from timing: a dotted ring. */
  isStale: boolean
  /** In the pits or out: small, without a label. */
  isAside: boolean
}

const opacityOf = (car: CarMark) => (car.isShown ? 1 : car.isAside ? 0.5 : 0.75)

function drawDot(context: CanvasRenderingContext2D, car: CarMark): void {
  const radius = car.isShown ? 8 : car.isAside ? 3.5 : 6
  context.globalAlpha = opacityOf(car)
  context.beginPath()
  context.arc(car.x, car.y, radius, 0, 2 * Math.PI)
  if (car.isStale) {
    context.setLineDash([2.5, 2.5])
    context.strokeStyle = car.colour
    context.lineWidth = 1.5
    context.stroke()
    context.setLineDash([])
    return
  }
  context.fillStyle = car.colour
  context.fill()
  context.strokeStyle = car.isShown ? '#ffffff' : '#0e1116'
  context.lineWidth = car.isShown ? 2 : 1.5
  context.stroke()
  if (!car.isSecond || car.isAside) return
  context.beginPath()
  context.arc(car.x, car.y, radius * 0.42, 0, 2 * Math.PI)
  context.fillStyle = '#0e1116'
  context.fill()
}

export function drawCars(context: CanvasRenderingContext2D, cars: readonly CarMark[]): void {
  for (const car of cars) drawDot(context, car)
  context.globalAlpha = 1
}

export interface DrawnLabel {
  text: string
  x: number
  y: number
  width: number
  height: number
  car: CarMark
  has_leader: boolean
}

export function drawLabels(context: CanvasRenderingContext2D, labels: readonly DrawnLabel[]): void {
  context.font = labelFont
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { car, x, y, has_leader } of labels) {
    if (!has_leader) continue
    context.globalAlpha = car.isShown ? 0.9 : 0.5
    context.strokeStyle = '#9ba7b4'
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(car.x, car.y)
    context.lineTo(x, y)
    context.stroke()
  }
  for (const { text, x, y, width, height, car } of labels) {
    context.globalAlpha = car.isShown ? 1 : 0.88
    context.fillStyle = car.isShown ? '#e6edf3' : 'rgb(14 17 22 / 82%)'
    context.beginPath()
    context.roundRect(x - width / 2, y - height / 2, width, height, 3)
    context.fill()
    context.fillStyle = car.isShown ? '#0e1116' : '#e6edf3'
    context.fillText(text, x, y + 0.5)
  }
  context.globalAlpha = 1
}

/** Where cars have been, while no lap has given an outline yet. */
export function drawTrail(context: CanvasRenderingContext2D, points: readonly Point[], fit: Fit): void {
  context.fillStyle = '#5a6673'
  for (const [worldX, worldY] of points) {
    const [x, y] = toScreen(fit, worldX, worldY)
    context.fillRect(x - 1, y - 1, 2, 2)
  }
}
