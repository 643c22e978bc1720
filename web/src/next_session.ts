// The next session of the schedule, in words. Pure but for the viewer's time zone.
import type { NextSession } from './protocol'

/** 25 s, 12 min, 2 h 10 min, 3 days */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`
  return `${Math.round(hours / 24)} days`
}

export interface NextInWords {
  /** Mexico City Grand Prix, Qualifying */
  what: string
  /** Saturday 25 October, 23:00 */
  when: string
  /** in 2 h 10 min; due for 4 min */
  distance: string
}

/** Null while none is known. The clock is the viewer's. */
export function nextInWords(next: NextSession | null, now_ms: number): NextInWords | null {
  const start_ms = next?.start_date ? Date.parse(next.start_date) : Number.NaN
  if (!next || Number.isNaN(start_ms)) return null
  const start = new Date(start_ms)
  const day = start.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
  const time = start.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const left_ms = start_ms - now_ms
  return {
    what: [next.meeting_name, next.session_name].filter(Boolean).join(', '),
    when: `${day}, ${time}`,
    distance: left_ms >= 0 ? `in ${duration(left_ms)}` : `due for ${duration(-left_ms)}`,
  }
}
