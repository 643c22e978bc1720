// The corner of the map that the track leaves free: there the circuit's name stands.
import type { Point } from '../protocol'

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right'

export interface CornerBox {
  left: number
  top: number
  right: number
  bottom: number
}

const corners: Corner[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right']

export function cornerBox(corner: Corner, width: number, height: number, size: Point): CornerBox {
  const left = corner.endsWith('left') ? 0 : width - size[0]
  const top = corner.startsWith('top') ? 0 : height - size[1]
  return { left, top, right: left + size[0], bottom: top + size[1] }
}

/** The corner furthest from every point (screen pixels); the first of equals. */
export function emptiestCorner(points: readonly Point[], width: number, height: number, size: Point): Corner {
  let best: Corner = 'top-left'
  let room = -1
  for (const corner of corners) {
    const box = cornerBox(corner, width, height, size)
    let nearest = Number.POSITIVE_INFINITY
    for (const [x, y] of points) {
      const dx = Math.max(box.left - x, 0, x - box.right)
      const dy = Math.max(box.top - y, 0, y - box.bottom)
      nearest = Math.min(nearest, Math.hypot(dx, dy))
    }
    if (nearest > room) {
      best = corner
      room = nearest
    }
  }
  return best
}
