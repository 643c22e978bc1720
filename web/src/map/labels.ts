// Labels beside their dots, pushed apart. The important ones choose first; a label keeps its place as long as
// that is free, so nothing flickers.
import type { CornerBox } from './corner'

export interface LabelRequest {
  key: number
  x: number
  y: number
  width: number
  height: number
}

export interface PlacedLabel {
  key: number
  /** Centre of the label. */
  x: number
  y: number
  /** Which of the candidate places it took. */
  slot: number
  has_leader: boolean
}

const directions = 12
const distances = [16, 30, 46, 64]
const slots = directions * distances.length

interface Rect {
  x: number
  y: number
  half_width: number
  half_height: number
}

function overlap(a: Rect, b: Rect): number {
  const x = a.half_width + b.half_width - Math.abs(a.x - b.x)
  const y = a.half_height + b.half_height - Math.abs(a.y - b.y)
  return x > 0 && y > 0 ? x * y : 0
}

function rectAt(label: LabelRequest, slot: number, outward: number): Rect {
  const ring = Math.floor(slot / directions)
  const index = slot % directions
  // 0, +1, -1, +2, -2 ... steps from the outward direction.
  const step = Math.ceil(index / 2) * (index % 2 === 1 ? 1 : -1)
  const angle = outward + (step * 2 * Math.PI) / directions
  const distance = distances[ring] as number
  const half_width = label.width / 2
  const half_height = label.height / 2
  const reach = Math.abs(Math.cos(angle)) * half_width
  return {
    x: label.x + Math.cos(angle) * (distance + reach - 4),
    y: label.y + Math.sin(angle) * distance,
    half_width,
    half_height,
  }
}

export interface LabelBox {
  width: number
  height: number
}

const rectOf = (box: CornerBox): Rect => ({
  x: (box.left + box.right) / 2,
  y: (box.top + box.bottom) / 2,
  half_width: (box.right - box.left) / 2,
  half_height: (box.bottom - box.top) / 2,
})

const dotRadius = 7

/** `requests` in order of importance; `previous` are the slots taken the last time, by key. */
export function placeLabels(
  requests: readonly LabelRequest[],
  previous: ReadonlyMap<number, number>,
  box: LabelBox,
  keepFree: CornerBox | null = null,
): PlacedLabel[] {
  const taken: Rect[] = keepFree ? [rectOf(keepFree)] : []
  const dots = requests.map((r) => ({ x: r.x, y: r.y, half_width: dotRadius, half_height: dotRadius }))
  return requests.map((label) => {
    const outward = Math.atan2(label.y - box.height / 2, label.x - box.width / 2)
    const cost = (slot: number) => {
      const rect = rectAt(label, slot, outward)
      let sum = slot * 0.6 + Math.floor(slot / directions) * 12
      for (const other of taken) sum += overlap(rect, other) * 4
      for (const dot of dots) sum += overlap(rect, dot) * 1.5
      const outX = Math.max(0, rect.half_width - rect.x, rect.x + rect.half_width - box.width)
      const outY = Math.max(0, rect.half_height - rect.y, rect.y + rect.half_height - box.height)
      return sum + (outX + outY) * 40
    }
    let best = previous.get(label.key) ?? 0
    // Another place must be clearly better than the one it has.
    let lowest = cost(best) - (previous.has(label.key) ? 14 : 0)
    for (let slot = 0; slot < slots && lowest > 0; slot++) {
      const here = cost(slot)
      if (here < lowest) {
        lowest = here
        best = slot
      }
    }
    const rect = rectAt(label, best, outward)
    taken.push(rect)
    return { key: label.key, x: rect.x, y: rect.y, slot: best, has_leader: best >= directions }
  })
}
