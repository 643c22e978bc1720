// What the track status codes and the session status say, in words and as one of the page's few flag looks.
import type { RaceControlMessage, TrackStatus } from './protocol'

export type FlagLook = 'clear' | 'yellow' | 'safety' | 'red' | 'finished' | 'none'

export interface Flag {
  look: FlagLook
  label: string
}

const byStatus: Record<string, Flag> = {
  '1': { look: 'clear', label: 'Track clear' },
  '2': { look: 'yellow', label: 'Yellow' },
  '4': { look: 'safety', label: 'Safety car' },
  '5': { look: 'red', label: 'Red flag' },
  '6': { look: 'safety', label: 'Virtual safety car' },
  '7': { look: 'safety', label: 'VSC ending' },
}

export function flagOfStatus(status: string | null | undefined, message?: string | null): Flag {
  if (!status) return { look: 'none', label: 'No track status' }
  return byStatus[status] ?? { look: 'none', label: message || `Status ${status}` }
}

const over = new Set(['finished', 'finalised', 'ends'])

export const isOver = (sessionStatus: string | null | undefined) =>
  over.has((sessionStatus ?? '').toLowerCase())

/** A hazard on the track outranks the chequered flag: it still counts on the way home. */
export function currentFlag(track: TrackStatus | null, sessionStatus: string | null): Flag {
  const flag = flagOfStatus(track?.status, track?.message)
  const isHazard = flag.look === 'yellow' || flag.look === 'safety' || flag.look === 'red'
  if (!isHazard && isOver(sessionStatus)) return { look: 'finished', label: 'Chequered flag' }
  if (!isHazard && (sessionStatus ?? '').toLowerCase() === 'aborted') return { look: 'red', label: 'Stopped' }
  return flag
}

export type ChipLook = FlagLook | 'blue' | 'black' | 'white' | 'info'

/** The chip before a race control message: what kind of flag it is about, and two or three letters. */
export function chipOf(message: RaceControlMessage): { look: ChipLook; label: string } {
  const flag = (message.flag ?? '').toUpperCase()
  const category = (message.category ?? '').toUpperCase()
  if (flag === 'GREEN' || flag === 'CLEAR') return { look: 'clear', label: flag }
  if (flag === 'YELLOW') return { look: 'yellow', label: 'YELLOW' }
  if (flag === 'DOUBLE YELLOW') return { look: 'yellow', label: '2× YEL' }
  if (flag === 'RED') return { look: 'red', label: 'RED' }
  if (flag === 'CHEQUERED') return { look: 'finished', label: 'CHEQ' }
  if (flag === 'BLUE') return { look: 'blue', label: 'BLUE' }
  if (flag.startsWith('BLACK')) return { look: 'black', label: 'BLACK' }
  if (flag) return { look: 'info', label: flag.slice(0, 6) }
  if (category === 'SAFETYCAR') return { look: 'safety', label: 'SC' }
  if (category === 'DRS') return { look: 'info', label: 'DRS' }
  return { look: 'info', label: 'INFO' }
}
