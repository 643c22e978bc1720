// Two laps, one over the other: by the share of the lap that is driven, because two cars never measure quite
// the same length. Pure.

/** One lap's samples as /api/lap-telemetry gives them: columns of one length. */
export interface LapTelemetry {
  driver_number: number
  lap_number: number
  lap_time_ms: number | null
  is_under_way: boolean
  length_m: number | null
  time_ms: number[]
  distance_m: number[]
  speed_kmh: (number | null)[]
  throttle_pct: (number | null)[]
  gear: (number | null)[]
  is_braking: (boolean | null)[]
}

/** As the server takes it: a lap by its number, or by what it is at the cursor. */
export type LapChoice = 'best' | 'last' | 'current' | `${number}`

export function lapChoiceOf(text: string | null): LapChoice | null {
  const isOne = text != null && /^(best|last|current|[1-9]\d{0,3})$/.test(text)
  return isOne ? (text as LapChoice) : null
}

/** What a lap is drawn from: its samples by share of the lap, 0 to 1. */
export interface LapTrace {
  lap: LapTelemetry
  share: number[]
}

export function traceOf(lap: LapTelemetry | null): LapTrace | null {
  const { length_m, distance_m } = lap ?? {}
  if (!lap || !length_m || !distance_m || distance_m.length < 10) return null
  return { lap, share: distance_m.map((metres) => Math.min(1, metres / length_m)) }
}

/** How far the lap is known: a lap under way as far as it is driven. */
export const endOf = ({ lap, share }: LapTrace) => (lap.is_under_way ? (share.at(-1) as number) : 1)

/** Index of the last sample at or before `share`; -1 before the first. */
function indexAt({ share: shares }: LapTrace, share: number): number {
  let low = 0
  let high = shares.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((shares[middle] as number) <= share) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Time since the line at a share of the lap, at most endOf(); the ends are the line itself. */
export function timeAt(trace: LapTrace, share: number): number {
  const { lap, share: shares } = trace
  const index = indexAt(trace, share)
  const end = lap.lap_time_ms ?? (lap.time_ms.at(-1) as number)
  const [from, from_ms] = index < 0 ? [0, 0] : [shares[index] as number, lap.time_ms[index] as number]
  const next = index + 1
  const [to, to_ms] = next < shares.length ? [shares[next] as number, lap.time_ms[next] as number] : [1, end]
  return to > from ? from_ms + ((share - from) / (to - from)) * (to_ms - from_ms) : from_ms
}

/** A channel's value as it was last sent before that place. */
export function valueAt<T>(trace: LapTrace, column: readonly T[], share: number): T | null {
  return column[Math.max(0, indexAt(trace, share))] ?? null
}

/** How much later the first car is at that place than the second: above zero it is slower so far. */
export const deltaAt = (own: LapTrace, other: LapTrace, share: number) =>
  timeAt(own, share) - timeAt(other, share)

export interface Delta {
  share: number[]
  delta_ms: number[]
  /** Half the height of its strip: the greatest in whole tenths, without its sign. */
  scale_ms: number
}

/** As far as both laps are known. */
export function deltaOf(own: LapTrace, other: LapTrace, steps = 200): Delta {
  const end = Math.min(endOf(own), endOf(other))
  const share = Array.from({ length: steps + 1 }, (_, step) => (step / steps) * end)
  const delta_ms = share.map((at) => deltaAt(own, other, at))
  const most_ms = Math.max(100, ...delta_ms.map(Math.abs))
  return { share, delta_ms, scale_ms: 100 * Math.ceil(most_ms / 100 - 1e-6) }
}

/** The car to compare with when the viewer has not chosen: the one ahead, for the leader the one behind. */
export function rivalOf(ordered: readonly { driver_number: number }[], own: number): number | null {
  const place = ordered.findIndex(({ driver_number }) => driver_number === own)
  if (place < 0) return null
  return (place > 0 ? ordered[place - 1] : ordered[1])?.driver_number ?? null
}

/** The viewer's choice as long as that car is there, itself only by another lap; else the page's. */
export function comparedCar(
  ordered: readonly { driver_number: number }[],
  own: number,
  chosen: number | null,
  isOtherLap: boolean,
): number | null {
  const isThere = chosen != null && ordered.some(({ driver_number }) => driver_number === chosen)
  return isThere && (chosen !== own || isOtherLap) ? chosen : rivalOf(ordered, own)
}

/** An SVG path in a box of `width` by 100; `null` leaves a hole. */
export function pathOf(
  shares: readonly number[],
  values: readonly (number | null)[],
  low: number,
  high: number,
  width: number,
): string {
  let path = ''
  let isOpen = false
  shares.forEach((share, index) => {
    const value = values[index] ?? null
    if (value == null) {
      isOpen = false
      return
    }
    const y = 100 - ((value - low) / (high - low)) * 100
    path += `${isOpen ? 'L' : 'M'}${(share * width).toFixed(1)} ${y.toFixed(1)}`
    isOpen = true
  })
  return path
}
