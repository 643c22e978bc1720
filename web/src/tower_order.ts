// Who stands where, and who is shown when the viewer has not chosen.
import type { ByNumber, Driver, TimingRow } from './protocol'

/** By position; without one last, in the feed's own order. Nothing else (speed, distance, laps) has a say. */
export function orderRows(rows: ByNumber<TimingRow>, drivers: ByNumber<Driver>): TimingRow[] {
  const line = (row: TimingRow) => drivers[row.driver_number]?.line ?? Number.POSITIVE_INFINITY
  const position = (row: TimingRow) => row.position ?? Number.POSITIVE_INFINITY
  const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
  return Object.values(rows).sort(
    (a, b) =>
      compare(position(a), position(b)) || compare(line(a), line(b)) || a.driver_number - b.driver_number,
  )
}

export const isOnTrack = (row: TimingRow | undefined) =>
  !!row && !row.is_in_pit && !row.is_retired && !row.is_stopped && !row.is_knocked_out

/** Keeps the car shown as long as it is on the track, else takes the best placed one that is. */
export function automaticDriver(shown: number | null, ordered: TimingRow[]): number | null {
  const current = ordered.find((row) => row.driver_number === shown)
  if (isOnTrack(current)) return shown
  const running = ordered.find(isOnTrack)
  return running?.driver_number ?? current?.driver_number ?? ordered[0]?.driver_number ?? null
}

/** What a car is called: its code or, before the feed has named it, its number. */
export function carLabel(driverNumber: number, drivers: ByNumber<Driver>): string {
  return drivers[driverNumber]?.driver_code || String(driverNumber)
}

/** The cars drawn dashed and hollow: of each team all but the lowest number. */
export function secondCars(drivers: ByNumber<Driver>): Set<number> {
  const firstOfTeam = new Map<string, number>()
  const seconds = new Set<number>()
  for (const driver of Object.values(drivers).sort((a, b) => a.driver_number - b.driver_number)) {
    if (!driver.team_name) continue
    if (firstOfTeam.has(driver.team_name)) seconds.add(driver.driver_number)
    else firstOfTeam.set(driver.team_name, driver.driver_number)
  }
  return seconds
}

export type CarState = 'running' | 'pit' | 'out_lap' | 'stopped' | 'retired' | 'knocked_out'

export function carState(row: TimingRow): CarState {
  if (row.is_retired) return 'retired'
  if (row.is_knocked_out) return 'knocked_out'
  if (row.is_stopped) return 'stopped'
  if (row.is_in_pit) return 'pit'
  if (row.is_pit_out) return 'out_lap'
  return 'running'
}

const racing = /^(race|sprint)$/i

/** In a race gaps are on the road; else they are between best laps. */
export const isRace = (sessionKind: string | null | undefined) => racing.test(sessionKind ?? '')

/** "Q2", "SQ1": what viewers call a part of a session that has parts. */
export function partName(sessionKind: string | null | undefined, part: number): string {
  const kind = (sessionKind ?? '').toLowerCase()
  if (/sprint.*(qualifying|shootout)/.test(kind)) return `SQ${part}`
  if (kind === 'qualifying') return `Q${part}`
  return `Part ${part}`
}
