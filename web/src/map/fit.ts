// Turning and scaling the outline so that it uses the space there is. World: decimetres, y up. Screen: CSS
// pixels, y down. The flip of y happens here and nowhere else.
import type { Point } from '../protocol'

export interface Fit {
  /** Counter-clockwise turn of the world, radians. */
  angle: number
  scale: number
  offset_x: number
  offset_y: number
}

export interface Box {
  width: number
  height: number
  padding: number
}

interface Extent {
  min_x: number
  max_x: number
  min_y: number
  max_y: number
}

function extentAt(points: readonly Point[], angle: number): Extent {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const extent = { min_x: Infinity, max_x: -Infinity, min_y: Infinity, max_y: -Infinity }
  for (const [x, y] of points) {
    const turnedX = x * cos - y * sin
    const turnedY = x * sin + y * cos
    extent.min_x = Math.min(extent.min_x, turnedX)
    extent.max_x = Math.max(extent.max_x, turnedX)
    extent.min_y = Math.min(extent.min_y, turnedY)
    extent.max_y = Math.max(extent.max_y, turnedY)
  }
  return extent
}

function scaleFor(extent: Extent, box: Box): number {
  const width = Math.max(1, extent.max_x - extent.min_x)
  const height = Math.max(1, extent.max_y - extent.min_y)
  const room = (size: number) => Math.max(1, size - 2 * box.padding)
  return Math.min(room(box.width) / width, room(box.height) / height)
}

/** A turn has to earn itself: of two nearly equal fits the one nearer to north-up is taken. */
const penaltyPerDegree = 0.0004

/** The turn between -90 and 90 degrees at which the points are drawn largest in the box. */
export function fitPoints(points: readonly Point[], box: Box): Fit | null {
  if (points.length === 0) return null
  let best = { degrees: 0, worth: -1 }
  for (let degrees = -90; degrees <= 90; degrees++) {
    const scale = scaleFor(extentAt(points, (degrees * Math.PI) / 180), box)
    const worth = scale * (1 - penaltyPerDegree * Math.abs(degrees))
    if (worth > best.worth) best = { degrees, worth }
  }
  const angle = (best.degrees * Math.PI) / 180
  const extent = extentAt(points, angle)
  const scale = scaleFor(extent, box)
  return {
    angle,
    scale,
    offset_x: box.width / 2 - (scale * (extent.min_x + extent.max_x)) / 2,
    offset_y: box.height / 2 + (scale * (extent.min_y + extent.max_y)) / 2,
  }
}

export function toScreen(fit: Fit, x: number, y: number): Point {
  const cos = Math.cos(fit.angle)
  const sin = Math.sin(fit.angle)
  return [fit.offset_x + fit.scale * (x * cos - y * sin), fit.offset_y - fit.scale * (x * sin + y * cos)]
}
