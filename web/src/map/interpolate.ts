// Where a car is drawn at a moment: between two samples, along the outline where both lie on it. Beyond the
// newest sample it goes on for at most a second and then stands, marked as stale.
import type { LapPath, OnPath } from './lap_path'

export interface PlacedSample {
  session_time_ms: number
  x_dm: number
  y_dm: number
  on_path: OnPath | null
}

export interface Placed {
  x_dm: number
  y_dm: number
  is_stale: boolean
}

export const extrapolation_ms_max = 1000
/** 400 km/h in dm/ms: what asks for more between two samples is a jump, not a drive. */
const speed_max_dm_per_ms = 1.12
/** Samples further apart than this are not joined: nobody knows what was between. */
const gap_ms_max = 6000

function between(a: PlacedSample, b: PlacedSample, share: number, path: LapPath | null): Placed {
  const elapsed = b.session_time_ms - a.session_time_ms
  if (path && a.on_path && b.on_path) {
    const ahead = path.ahead(a.on_path.along_dm, b.on_path.along_dm)
    // A standing car's samples scatter: a step back shows as nearly a whole lap ahead.
    if (ahead <= speed_max_dm_per_ms * Math.max(elapsed, 100)) {
      const aside = a.on_path.aside_dm + share * (b.on_path.aside_dm - a.on_path.aside_dm)
      const [x_dm, y_dm] = path.point({ along_dm: a.on_path.along_dm + share * ahead, aside_dm: aside })
      return { x_dm, y_dm, is_stale: false }
    }
  }
  return {
    x_dm: a.x_dm + share * (b.x_dm - a.x_dm),
    y_dm: a.y_dm + share * (b.y_dm - a.y_dm),
    is_stale: false,
  }
}

function isJump(a: PlacedSample, b: PlacedSample): boolean {
  const elapsed = b.session_time_ms - a.session_time_ms
  if (elapsed > gap_ms_max) return true
  return Math.hypot(b.x_dm - a.x_dm, b.y_dm - a.y_dm) > speed_max_dm_per_ms * Math.max(elapsed, 100) * 1.5
}

/** `samples` in order of time. null if there is none. */
export function placeAt(samples: readonly PlacedSample[], time: number, path: LapPath | null): Placed | null {
  const first = samples[0]
  const last = samples[samples.length - 1]
  if (!first || !last) return null
  if (time <= first.session_time_ms) return { x_dm: first.x_dm, y_dm: first.y_dm, is_stale: false }
  for (let i = samples.length - 1; i > 0; i--) {
    const a = samples[i - 1] as PlacedSample
    const b = samples[i] as PlacedSample
    if (time < a.session_time_ms || time > b.session_time_ms) continue
    if (isJump(a, b)) return { x_dm: a.x_dm, y_dm: a.y_dm, is_stale: false }
    const share = (time - a.session_time_ms) / Math.max(1, b.session_time_ms - a.session_time_ms)
    return between(a, b, share, path)
  }
  const beyond = time - last.session_time_ms
  const is_stale = beyond > extrapolation_ms_max
  const before = samples[samples.length - 2]
  if (!before || isJump(before, last)) return { x_dm: last.x_dm, y_dm: last.y_dm, is_stale }
  const step = Math.max(1, last.session_time_ms - before.session_time_ms)
  const share = 1 + Math.min(beyond, extrapolation_ms_max) / step
  return { ...between(before, last, share, path), is_stale }
}
