// One lap of one car as the server has it: fetched anew when the car has another one, while it is under way,
// or when the viewer is somewhere else in the session.
import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import type { LapChoice, LapTelemetry } from './lap_compare'
import type { Live } from './live'
import type { TimingRow } from './protocol'

/** The screen has a lap's time some seconds before its row and all its samples are known. */
const settled_ms = 7000
/** So often is a lap without samples asked for: they may be late, or the feed may have none. */
const tries_max = 5
/** How often a lap under way is asked for. */
const growing_ms = 2000

/** What tells that another lap, or more of it, is to be had; null: there is none yet, do not ask. */
export function lapVersion(choice: LapChoice, row: TimingRow): string | null {
  if (choice === 'best') return row.best_lap_time_ms == null ? null : String(row.best_lap_time_ms)
  if (choice === 'last') return row.last_lap_time_ms == null ? null : String(row.last_lap_time_ms)
  const now = row.lap_number ?? 0
  if (choice === 'current') return `under way ${now}`
  if (Number(choice) > now) return null
  return Number(choice) === now ? 'under way' : 'driven'
}

/** undefined: not answered yet; null: there is no such lap. */
export type FoundLap = LapTelemetry | null | undefined

interface Wanted {
  session_key: number
  number: number
  choice: LapChoice
  version: string
  stream: string | undefined
}

/** Asks until the answer cannot change any more; returns what stops it. */
function follow(live: Live, wanted: Wanted, show: (lap: LapTelemetry | null) => void): () => void {
  const { session_key, number, choice, version } = wanted
  let isWanted = true
  let cancel = () => {}
  let asked_ms: number | null = null
  let tries = 0
  const ask = async () => {
    const cursor_ms = live.cursor_ms.peek()
    if (cursor_ms === asked_ms) {
      cancel = live.after(growing_ms, ask) // paused: the answer would be the same
      return
    }
    asked_ms = cursor_ms
    tries += 1
    const found = await live.fetchLap(String(session_key), String(number), choice)
    if (!isWanted) return
    show(found)
    const isUnderWay = found ? found.is_under_way : version.startsWith('under way')
    const isWhole = tries > 1 && (found?.distance_m.length ?? 0) > 0
    if (isUnderWay) cancel = live.after(growing_ms, ask)
    else if (!isWhole && tries < tries_max) cancel = live.after(settled_ms, ask)
  }
  ask()
  return () => {
    isWanted = false
    cancel()
  }
}

export function useLap(
  live: Live,
  driver: ReadonlySignal<number | null>,
  choice: ReadonlySignal<LapChoice>,
): ReadonlySignal<FoundLap> {
  const found = useSignal<FoundLap>(undefined)
  // As text, so that a row that changes in other things asks nothing.
  const wanted = useComputed(() => {
    const number = driver.value
    const session_key = live.session.value?.session_key
    const row = number == null ? undefined : live.rows.value[number]
    if (number == null || session_key == null || !row) return null
    const version = lapVersion(choice.value, row)
    if (version == null) return null
    const asked: Wanted = { session_key, number, choice: choice.value, version, stream: live.stream.value }
    return JSON.stringify(asked)
  })
  useSignalEffect(() => {
    const text = wanted.value
    if (text == null) {
      found.value = null
      return
    }
    const asked = JSON.parse(text) as Wanted
    if (found.peek()?.driver_number !== asked.number) found.value = undefined
    return follow(live, asked, (lap) => {
      found.value = lap
    })
  })
  return found
}
