// The tyres of a car so far: a bar of its stints, and in races the stops between them.
import { unknown } from '../format'
import type { PitStop, Stint, TimingRow } from '../protocol'
import { isRace } from '../tower_order'
import { tyreOf } from '../tyres'
import { useLive } from './context'
import { stopText } from './decisions'
import { TyreMark } from './tyre'

function lengthOf({ lap_count, first_lap_number: first, last_lap_number: last }: Stint): number | null {
  if (lap_count != null) return lap_count
  return first == null || last == null ? null : last - first + 1
}

/** "1–17"; the newest stint may go on: "18–". */
function lapsOf({ first_lap_number, last_lap_number }: Stint, isNewest: boolean): string {
  if (first_lap_number == null) return ''
  return `${first_lap_number}–${isNewest ? '' : (last_lap_number ?? '')}`
}

const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`

function titleOf(stint: Stint): string {
  const laps = lengthOf(stint)
  const parts = [
    tyreOf(stint.tyre_compound)?.name ?? 'Tyre not known',
    laps == null ? null : counted(laps, 'lap'),
    stint.tyre_age_laps_at_start ? `${counted(stint.tyre_age_laps_at_start, 'lap')} old at the start` : null,
  ]
  return parts.filter(Boolean).join(', ')
}

interface ItemProps {
  stint: Stint
  /** The one it ended with. */
  stop: PitStop | undefined
  isNewest: boolean
}

function Item({ stint, stop, isNewest }: ItemProps) {
  const laps = lengthOf(stint)
  return (
    <li style={{ '--laps': Math.max(1, laps ?? 1) }} title={titleOf(stint)}>
      <span class="stint-tyre">
        <TyreMark compound={stint.tyre_compound ?? 'UNKNOWN'} age={laps} />
      </span>
      <span class="label">{lapsOf(stint, isNewest)}</span>
      {stop && (
        <span class="label">
          <span class="stint-word">stop </span>
          {stopText(stop)}
        </span>
      )}
    </li>
  )
}

/** What is on the car now, and how far it has come. */
function summary({ tyre_compound, tyre_age_laps, lap_number, pit_stop_count }: TimingRow): string {
  const tyre = tyreOf(tyre_compound)
  const parts = [
    tyre && tyre_age_laps != null ? `${tyre.name}, ${counted(tyre_age_laps, 'lap')} old` : null,
    lap_number == null ? null : `lap ${lap_number}`,
    pit_stop_count == null ? null : counted(pit_stop_count, 'stop'),
  ]
  return parts.filter(Boolean).join(' · ') || unknown
}

/** A qualifying has a stint every few laps. */
const roomFor = (count: number) => (count <= 3 ? 'wide' : count <= 6 ? 'tight' : 'rows')

/** Each stint is as wide as it is long; the place is kept, so that a stop moves nothing below it. */
export function Stints({ row }: { row: TimingRow }) {
  const live = useLive()
  const stints = live.stints.value[row.driver_number] ?? []
  const stops = isRace(live.session.value?.session_kind) ? live.pit_stops.value[row.driver_number] : []
  const stopAfter = ({ last_lap_number }: Stint) =>
    stops?.find(({ lap_number }) => lap_number != null && lap_number === last_lap_number)
  return (
    <section class="stints" aria-label="Stints">
      <p class="label">
        Stints <span>{summary(row)}</span>
      </p>
      <ol data-room={roomFor(stints.length)}>
        {stints.map((stint, index) => (
          <Item
            key={stint.stint_number}
            stint={stint}
            stop={stopAfter(stint)}
            isNewest={index === stints.length - 1}
          />
        ))}
      </ol>
    </section>
  )
}
