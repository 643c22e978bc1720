// Numbers as text. Unknown is a dash that screen readers skip; decimals always have the same length, so that
// tabular figures line up.
export const unknown = '–'

const two = (value: number) => String(value).padStart(2, '0')
const three = (value: number) => String(value).padStart(3, '0')

/** 75586 -> 1:15.586, 27211 -> 27.211 */
export function lapTime(ms: number | null | undefined): string {
  if (ms == null || ms < 0) return unknown
  const whole = Math.round(ms)
  const minutes = Math.floor(whole / 60000)
  const seconds = Math.floor((whole % 60000) / 1000)
  const rest = three(whole % 1000)
  return minutes > 0 ? `${minutes}:${two(seconds)}.${rest}` : `${seconds}.${rest}`
}

/** A gap in time or, if the car is laps behind, in laps: +0.412, +1:09.473, +1 LAP */
export function gap(ms: number | null | undefined, laps?: number | null): string {
  if (laps != null && laps > 0) return `+${laps} LAP${laps === 1 ? '' : 'S'}`
  if (ms == null) return unknown
  return `${ms < 0 ? '-' : '+'}${lapTime(Math.abs(ms))}`
}

/** Time left: 17:59, 1:59:07. Never below zero. */
export function countdown(ms: number | null | undefined): string {
  if (ms == null) return unknown
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`
  return `${two(minutes)}:${two(seconds % 60)}`
}

/** Session time: 1129441 -> 0:18:49 */
export function sessionTime(ms: number | null | undefined): string {
  if (ms == null) return unknown
  const sign = ms < 0 ? '-' : ''
  const seconds = Math.floor(Math.abs(ms) / 1000)
  return `${sign}${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
}

/** The other way: 0:18:49, 18:49, 1129 or 1129.4 (seconds). null if it is none of them. */
export function parseSessionTime(text: string | null): number | null {
  if (!text || !/^\d+(:\d{1,2}){0,2}(\.\d+)?$/.test(text)) return null
  const seconds = text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round(seconds * 1000)
}

export interface LocalTimeBase {
  zero_date: string | null
  gmt_offset_s: number | null
}

/** The clock at the track at a session time: 15:05:13 or, short, 15:05. */
export function localTime(base: LocalTimeBase | null, ms: number, length: 'long' | 'short' = 'long'): string {
  if (!base?.zero_date || base.gmt_offset_s == null) return unknown
  const utc = Date.parse(base.zero_date)
  if (Number.isNaN(utc)) return unknown
  const date = new Date(utc + ms + base.gmt_offset_s * 1000)
  const hoursMinutes = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
  return length === 'short' ? hoursMinutes : `${hoursMinutes}:${two(date.getUTCSeconds())}`
}

/** How far behind the newest: 32 s, 2:13 */
export function behind(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : sessionTime(ms)
}

/** 1234567 -> 1,234,567 */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** 312 -> 0.3 s; from ten on without decimals. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`
}

export function fixed(value: number | null | undefined, digits: number): string {
  return value == null ? unknown : value.toFixed(digits)
}
