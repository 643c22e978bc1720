// What the stewards and the pits tell, in words: penalties, stops, classification.
import { isOver } from './flags'
import { gap, lapTime, unknown } from './format'
import type { Battle, ByNumber, Penalty, PenaltyState, SessionResult, TimingRow } from './protocol'
import { isOnTrack } from './tower_order'

const kinds: Record<string, string> = {
  drive_through: 'Drive-through',
  stop_and_go: 'Stop and go',
  grid: 'Grid penalty',
  reprimand: 'Reprimand',
  fine: 'Fine',
  warning: 'Black and white flag',
  disqualified: 'Disqualified',
}

/** "5 s", "Drive-through", "Stop and go 10 s"; an incident that has no kind yet is just that. */
export function penaltyName({ kind, seconds }: Penalty): string {
  const time = seconds == null ? null : `${seconds} s`
  if (kind === 'time') return time ?? 'Time penalty'
  const name = kind == null ? 'Incident' : (kinds[kind] ?? kind)
  return kind === 'stop_and_go' && time ? `${name} ${time}` : name
}

export const stateNames: Record<PenaltyState, string> = {
  noted: 'Noted',
  investigated: 'Under investigation',
  imposed: 'Imposed',
  served: 'Served',
  rescinded: 'No further action',
}

/** What a car still has to serve, or gets added at the flag. */
const isOpen = ({ state, kind }: Penalty) =>
  state === 'imposed' && (kind === 'time' || kind === 'drive_through' || kind === 'stop_and_go')

export interface Badge {
  text: string
  title: string
}

/** The sign beside a car's name while it has something to serve: "+5", "DT", "SG". */
export function penaltyBadges(penalties: ByNumber<Penalty>): Map<number, Badge> {
  const open = new Map<number, Penalty[]>()
  for (const penalty of Object.values(penalties)) {
    if (!isOpen(penalty) || penalty.driver_number == null) continue
    open.set(penalty.driver_number, [...(open.get(penalty.driver_number) ?? []), penalty])
  }
  const badges = new Map<number, Badge>()
  for (const [number, list] of open) {
    const seconds = list.reduce((sum, { kind, seconds: own }) => sum + (kind === 'time' ? (own ?? 0) : 0), 0)
    const other = list.find(({ kind }) => kind !== 'time')
    const sign = other?.kind === 'drive_through' ? 'DT' : 'SG'
    badges.set(number, {
      text: other ? sign : `+${seconds}`,
      title: `Not served: ${list.map(penaltyName).join(', ')}`,
    })
  }
  return badges
}

/** The newest message about a penalty, by its number. */
export function lastMessage(penalty: Penalty): number {
  const numbers = [
    penalty.noted_message_number,
    penalty.investigated_message_number,
    penalty.imposed_message_number,
    penalty.served_message_number,
    penalty.rescinded_message_number,
  ]
  return numbers.reduce<number>((last, number) => Math.max(last, number ?? -1), -1)
}

/** Decisions, the newest first; what is settled without a penalty comes with the others, in its time. */
export function decisionsOf(penalties: ByNumber<Penalty>): Penalty[] {
  return Object.values(penalties).sort(
    (a, b) => lastMessage(b) - lastMessage(a) || b.penalty_number - a.penalty_number,
  )
}

const outcomes: Record<string, string> = {
  R: 'Retired',
  D: 'Disqualified',
  W: 'Did not start',
  N: 'Not classified',
}

/**
 * Whether the classification can be shown: "Finished" comes with the end of each part of a qualifying, and in
 * a race with the winner, while the others are still on their way to the line.
 */
export function isClassified(
  session: { status: string | null; kind: string | null | undefined; part: number | null },
  results: ByNumber<SessionResult>,
  rows: ByNumber<TimingRow>,
): boolean {
  const status = (session.status ?? '').toLowerCase()
  if (Object.keys(results).length === 0 || !isOver(status)) return false
  if (status !== 'finished') return true
  if (/qualifying|shootout/i.test(session.kind ?? '')) return session.part == null || session.part >= 3
  return !Object.values(results).some(({ driver_number, status: end }) => {
    const row = rows[driver_number]
    return end === 'Retired' && row != null && isOnTrack(row)
  })
}

/** A race's last column: the winner's time, gaps, or why there is none. */
export function resultTime(result: SessionResult): string {
  const outcome = outcomes[result.classified_position ?? '']
  if (outcome) return outcome
  if (result.position === 1) return raceTime(result.race_time_ms)
  return gap(result.gap_ms, result.gap_laps)
}

/** 4404325 -> 1:13:24.325 */
export function raceTime(ms: number | null | undefined): string {
  if (ms == null) return unknown
  const hours = Math.floor(ms / 3_600_000)
  if (hours === 0) return lapTime(ms)
  const rest = lapTime(ms - hours * 3_600_000)
  return `${hours}:${rest.includes(':') ? rest.padStart(9, '0') : `00:${rest.padStart(6, '0')}`}`
}

/** Places won or lost since the start; nothing where either is not known. */
export function placesGained({ position, grid_position }: SessionResult): number | null {
  return position == null || !grid_position ? null : grid_position - position
}

/** How much nearer the car behind has come, a lap. */
export function closingPerLap({ line_gaps_ms }: Battle): number | null {
  const [first, last] = [line_gaps_ms[0], line_gaps_ms.at(-1)]
  if (first == null || last == null || line_gaps_ms.length < 2) return null
  return (first - last) / (line_gaps_ms.length - 1)
}
