// What a link carries: session, time, driver, and the lap comparison where it is open.
import { parseSessionTime, sessionTime } from './format'
import { type LapChoice, lapChoiceOf } from './lap_compare'

export interface UrlState {
  session_key: number | null
  session_time_ms: number | null
  driver_number: number | null
  /** The shown car's lap in the comparison; null: the comparison is closed. */
  lap: LapChoice | null
  /** The car to compare with; null: the page chooses. */
  versus: number | null
  /** The other car's lap; null: the same as the shown car's. */
  versus_lap: LapChoice | null
}

const wholeNumber = (text: string | null) => (text && /^\d+$/.test(text) ? Number(text) : null)

export function readUrl(search: string): UrlState {
  const query = new URLSearchParams(search)
  return {
    session_key: wholeNumber(query.get('session')),
    session_time_ms: parseSessionTime(query.get('t')),
    driver_number: wholeNumber(query.get('driver')),
    lap: lapChoiceOf(query.get('lap')),
    versus: wholeNumber(query.get('vs')),
    versus_lap: lapChoiceOf(query.get('vslap')),
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
  set('vslap', state.versus_lap)
  const text = query.toString().replaceAll('%3A', ':')
  return text ? `?${text}` : ''
}
