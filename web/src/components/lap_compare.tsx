// A lap of the shown car over one of another, or over another of its own: which laps, and what they read.
import { useComputed, useSignal } from '@preact/signals'
import { lapTime, unknown } from '../format'
import { comparedCar, endOf, type LapChoice, type LapTrace, traceOf, valueAt } from '../lap_compare'
import type { Live } from '../live'
import { carLabel } from '../tower_order'
import { type FoundLap, useLap } from '../use_lap'
import { useLive } from './context'
import { LapPlot, leadText, type Sides } from './lap_plot'

const kinds: { value: LapChoice; label: string }[] = [
  { value: 'best', label: 'Best' },
  { value: 'last', label: 'Last' },
  { value: 'current', label: 'Current' },
]

interface LapSelectProps {
  label: string
  choice: LapChoice
  /** The lap the car is on: so many can be chosen. */
  newest: number
  onChoose: (choice: LapChoice) => void
}

function LapSelect({ label, choice, newest, onChoose }: LapSelectProps) {
  // A link may name a lap that is not driven yet: it is in the list all the same.
  const count = Math.max(newest, Number(choice) || 0)
  return (
    <select
      class="lap-select"
      aria-label={label}
      value={choice}
      onChange={(event) => onChoose(event.currentTarget.value as LapChoice)}
    >
      {kinds.map(({ value, label: name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
      {Array.from({ length: count }, (_, index) => count - index).map((lap) => (
        <option key={lap} value={String(lap)}>
          Lap {lap}
        </option>
      ))}
    </select>
  )
}

function CarSelect({ rival, own }: { rival: number | null; own: number }) {
  const live = useLive()
  const choose = (number: number) => {
    live.compared_driver.value = number
    // Its own lap again would be one line: another one then.
    const isSame =
      number === own && (live.versus_lap.value ?? live.compared_lap.value) === live.compared_lap.value
    if (isSame) live.versus_lap.value = live.compared_lap.value === 'best' ? 'last' : 'best'
  }
  return (
    <select
      class="car-select"
      aria-label="Compared with"
      value={rival ?? ''}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    >
      {live.ordered.value.map(({ driver_number }) => (
        <option key={driver_number} value={driver_number}>
          {carLabel(driver_number, live.drivers.value)}
        </option>
      ))}
    </select>
  )
}

/** "L12 1:20.000", or how it stands with the lap. */
function lapText(lap: FoundLap): string {
  if (lap === undefined) return ''
  if (lap === null) return 'no such lap yet'
  return `L${lap.lap_number} ${lap.is_under_way ? 'under way' : lapTime(lap.lap_time_ms)}`
}

/** What the cross-hair reads of a lap. */
function Reading({ trace, share }: { trace: LapTrace; share: number }) {
  const { speed_kmh, throttle_pct, gear } = trace.lap
  const isKnown = share <= endOf(trace)
  const value = (column: (number | null)[]) => (isKnown ? valueAt(trace, column, share) : null) ?? unknown
  return (
    <span class="reading">
      <span>{value(speed_kmh)} km/h</span>
      <span>{value(throttle_pct)} %</span>
      <span>gear {value(gear)}</span>
    </span>
  )
}

interface Side {
  lap: FoundLap
  trace: LapTrace | null
}

function LapLine({ lap, trace, share }: Side & { share: number | null }) {
  const isReading = trace != null && share != null
  return (
    <span class="lap-line" data-reading={isReading}>
      <span class="lap-name">{lapText(lap)}</span>
      {isReading && <Reading trace={trace} share={share} />}
    </span>
  )
}

/** Why there is nothing to draw. */
function reason(lap: FoundLap, choice: LapChoice, name: string): string {
  if (lap?.is_under_way) return `${name} has just begun lap ${lap.lap_number}.`
  if (lap) return `The feed has no telemetry of ${name}’s lap ${lap.lap_number}.`
  if (choice === 'current') return `${name} is on no timed lap.`
  if (choice === 'best' || choice === 'last') return `${name} has no timed lap with telemetry yet.`
  return `${name} has not driven lap ${choice} yet.`
}

/** One line under the choices: the place, and who is ahead there; without a cross-hair at the end. */
function Verdict({ share, ...sides }: Sides & { share: number | null }) {
  const { own, other } = sides
  const end = other ? Math.min(endOf(own), endOf(other)) : endOf(own)
  const at = share ?? end
  const metres = `${Math.round(at * (own.lap.length_m ?? 0))} m`
  const lead = other && leadText({ ...sides, other }, at)
  return (
    <p class="verdict">
      <span>{share == null && end === 1 ? 'At the line' : metres}</span>
      <b>{lead}</b>
    </p>
  )
}

/** Who is who in the plot; two laps of one car go by their number. */
function namesOf(live: Live, own: number, rival: number | null, laps: [FoundLap, FoundLap]) {
  const label = (number: number | null, lap: FoundLap) => {
    if (number == null) return ''
    const name = carLabel(number, live.drivers.value)
    return own === rival && lap ? `L${lap.lap_number}` : name
  }
  return [label(own, laps[0]), label(rival, laps[1])] as const
}

function useSides() {
  const live = useLive()
  const ownChoice = live.compared_lap
  const otherChoice = useComputed(() => live.versus_lap.value ?? live.compared_lap.value)
  const rival = useComputed(() => {
    const own = live.shown.value
    if (own == null) return null
    const isOtherLap = otherChoice.value !== ownChoice.value
    return comparedCar(live.ordered.value, own, live.compared_driver.value, isOtherLap)
  })
  const own = useLap(live, live.shown, ownChoice)
  const other = useLap(live, rival, otherChoice)
  const side = (lap: FoundLap): Side => ({ lap, trace: traceOf(lap ?? null) })
  return {
    rival: rival.value,
    otherChoice: otherChoice.value,
    own: useComputed(() => side(own.value)).value,
    other: useComputed(() => side(other.value)).value,
  }
}

export function LapCompare() {
  const live = useLive()
  const share = useSignal<number | null>(null)
  const { rival, otherChoice, own, other } = useSides()
  const shown = live.shown.value
  if (shown == null) return null
  const newest = (number: number | null) => (number == null ? 0 : (live.rows.value[number]?.lap_number ?? 0))
  const [ownName, otherName] = namesOf(live, shown, rival, [own.lap, other.lap])
  const name = carLabel(shown, live.drivers.value)
  const choice = live.compared_lap.value
  const sides = own.trace && { own: own.trace, other: other.trace, ownName, otherName }
  return (
    <div class="lap-compare">
      <div class="lap-sides">
        <i class="own" />
        <b>{name}</b>
        <LapSelect
          label={`Lap of ${name}`}
          choice={choice}
          newest={newest(shown)}
          onChoose={(lap) => {
            live.compared_lap.value = lap
          }}
        />
        <LapLine {...own} share={share.value} />
        <i class="other" />
        <CarSelect rival={rival} own={shown} />
        <LapSelect
          label="Lap of the other car"
          choice={otherChoice}
          newest={newest(rival)}
          onChoose={(lap) => {
            live.versus_lap.value = lap === live.compared_lap.value ? null : lap
          }}
        />
        <LapLine {...other} share={share.value} />
      </div>
      {sides ? (
        <>
          <Verdict {...sides} share={share.value} />
          <LapPlot {...sides} share={share} />
        </>
      ) : (
        <p class="map-note middle">
          {own.lap !== undefined && (
            <>
              <strong>No lap to draw</strong>
              {reason(own.lap, choice, name)}
            </>
          )}
        </p>
      )}
    </div>
  )
}
