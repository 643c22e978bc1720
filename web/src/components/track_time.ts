import { localTime, sessionTime } from '../format'
import type { Session } from '../protocol'

/** Local time at the track; where the feed has not said it, session time. */
export function timeOf(session: Session | null, ms: number): string {
  return session?.zero_date && session.gmt_offset_s != null
    ? localTime(session, ms, 'short')
    : sessionTime(ms)
}
