// The outline as a way with a length: where along it a point lies, and which point lies there. Cars are
// interpolated along it, so that they take the corners even when samples are a second apart.
import type { Point } from '../protocol'

export interface OnPath {
  /** Distance from the outline's first point, dm. */
  along_dm: number
  /** To the left of the way positive, dm. */
  aside_dm: number
}

export class LapPath {
  readonly length_dm: number
  private readonly starts: number[] = []

  constructor(private readonly points: readonly Point[]) {
    let sum = 0
    for (let i = 0; i < points.length; i++) {
      this.starts.push(sum)
      sum += Math.hypot(...this.side(i))
    }
    this.length_dm = sum
  }

  private at(index: number): Point {
    return this.points[index % this.points.length] as Point
  }

  private side(index: number): Point {
    const [x, y] = this.at(index)
    const [nextX, nextY] = this.at(index + 1)
    return [nextX - x, nextY - y]
  }

  /** The nearest place on the way, or null if it is further off than `reach_dm`. */
  project(x: number, y: number, reach_dm: number): OnPath | null {
    let nearest = reach_dm * reach_dm
    let found: OnPath | null = null
    for (let i = 0; i < this.points.length; i++) {
      const [fromX, fromY] = this.at(i)
      const [dx, dy] = this.side(i)
      const square = dx * dx + dy * dy
      if (square === 0) continue
      const share = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / square))
      const offX = x - fromX - share * dx
      const offY = y - fromY - share * dy
      const distance = offX * offX + offY * offY
      if (distance > nearest) continue
      nearest = distance
      const left = Math.sign(dx * offY - dy * offX) || 1
      const length = Math.sqrt(square)
      found = { along_dm: (this.starts[i] as number) + share * length, aside_dm: left * Math.sqrt(distance) }
    }
    return found
  }

  /** The point at a distance along the way (any number: it goes round) and aside of it. */
  point({ along_dm, aside_dm }: OnPath): Point {
    const along = ((along_dm % this.length_dm) + this.length_dm) % this.length_dm
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= along) low = middle
      else high = middle - 1
    }
    const [x, y] = this.at(low)
    const [dx, dy] = this.side(low)
    const length = Math.hypot(dx, dy) || 1
    const share = (along - (this.starts[low] as number)) / length
    return [x + share * dx - (aside_dm * dy) / length, y + share * dy + (aside_dm * dx) / length]
  }

  /** The way from one place forward to the other, 0 to length. */
  ahead(from_dm: number, to_dm: number): number {
    return (((to_dm - from_dm) % this.length_dm) + this.length_dm) % this.length_dm
  }
}
