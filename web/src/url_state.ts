// What a link carries: session, time, driver, and the lap comparison where it is open.
import { parseSessionTime, sessionTime } from './format'
import type { LapChoice } from './lap_compare'

export interface UrlState {
  session_key: number | null
  session_time_ms: number | null
  driver_number: number | null
  /** Which laps are compared; null: the comparison is closed. */
  lap: LapChoice | null
  /** The car to compare with; null: the page chooses. */
  versus: number | null
}

const wholeNumber = (text: string | null) => (text && /^\d+$/.test(text) ? Number(text) : null)

export function readUrl(search: string): UrlState {
  const query = new URLSearchParams(search)
  const lap = query.get('lap')
  return {
    session_key: wholeNumber(query.get('session')),
    session_time_ms: parseSessionTime(query.get('t')),
    driver_number: wholeNumber(query.get('driver')),
    lap: lap === 'best' || lap === 'last' ? lap : null,
    versus: wholeNumber(query.get('vs')),
  }
}

/** Parameters this page does not know stay as they are. */
export function writeUrl(search: string, state: UrlState): string {
  const query = new URLSearchParams(search)
  const set = (name: string, value: string | null) =>
    value == null ? query.delete(name) : query.set(name, value)
  set('session', state.session_key == null ? null : String(state.session_key))
  set('t', state.session_time_ms == null ? null : sessionTime(state.session_time_ms))
  set('driver', state.driver_number == null ? null : String(state.driver_number))
  set('lap', state.lap)
  set('vs', state.versus == null ? null : String(state.versus))
  const text = query.toString().replaceAll('%3A', ':')
  return text ? `?${text}` : ''
}
