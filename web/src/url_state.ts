// What a link carries: session, time and driver.
import { parseSessionTime, sessionTime } from './format'

export interface UrlState {
  session_key: number | null
  session_time_ms: number | null
  driver_number: number | null
}

const wholeNumber = (text: string | null) => (text && /^\d+$/.test(text) ? Number(text) : null)

export function readUrl(search: string): UrlState {
  const query = new URLSearchParams(search)
  return {
    session_key: wholeNumber(query.get('session')),
    session_time_ms: parseSessionTime(query.get('t')),
    driver_number: wholeNumber(query.get('driver')),
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
  const text = query.toString().replaceAll('%3A', ':')
  return text ? `?${text}` : ''
}
