// A lap of the shown car over one of another: time lost and won, speed, throttle and brake, gear.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { gap, lapTime, unknown } from '../format'
import {
  deltaAt,
  deltaOf,
  type LapChoice,
  type LapTelemetry,
  type LapTrace,
  pathOf,
  rivalOf,
  traceOf,
  valueAt,
} from '../lap_compare'
import type { Live } from '../live'
import { carLabel } from '../tower_order'
import { useLive } from './context'

const width = 1000
/** The screen has a lap's time some seconds before its row and all its samples are known. */
const settled_ms = 7000

/** The car's lap, fetched anew when it has another one or the viewer is somewhere else in the session. */
function useLap(live: Live, driver: () => number | null) {
  const lap = useSignal<LapTelemetry | null>(null)
  const wanted = useComputed(() => {
    const number = driver()
    const session_key = live.session.value?.session_key
    const row = number == null ? undefined : live.rows.value[number]
    if (number == null || session_key == null || !row) return null
    const lapTime_ms = live.compared_lap.value === 'best' ? row.best_lap_time_ms : row.last_lap_time_ms
    if (lapTime_ms == null) return null
    return `${session_key} ${number} ${live.compared_lap.value} ${lapTime_ms} ${live.stream.value}`
  })
  useSignalEffect(() => {
    const [session, number, choice] = wanted.value?.split(' ') ?? []
    if (!session || !number || !choice) {
      lap.value = null
      return
    }
    let isWanted = true
    const fetch = async () => {
      const found = await live.fetchLap(session, number, choice)
      if (isWanted) lap.value = found
    }
    fetch()
    const stop = live.after(settled_ms, fetch)
    return () => {
      isWanted = false
      stop()
    }
  })
  return lap
}

interface StripProps {
  name: string
  own: LapTrace
  other: LapTrace | null
  of: (lap: LapTelemetry) => (number | null)[]
  low: number
  high: number
}

function Strip({ name, own, other, of, low, high }: StripProps) {
  return (
    <div class={`strip strip-${name}`}>
      <span class="label">{name}</span>
      <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden="true">
        {other && <path class="other" d={pathOf(other.share, of(other.lap), low, high, width)} />}
        <path class="own" d={pathOf(own.share, of(own.lap), low, high, width)} />
      </svg>
    </div>
  )
}

function DeltaStrip({ own, other }: { own: LapTrace; other: LapTrace }) {
  const { share, delta_ms, most_ms } = deltaOf(own, other)
  return (
    <div class="strip strip-delta">
      <span class="label">delta</span>
      <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path class="zero" d={`M0 50L${width} 50`} />
        <path class="delta" d={pathOf(share, delta_ms, -most_ms, most_ms, width)} />
      </svg>
    </div>
  )
}

const braking = (lap: LapTelemetry) => lap.is_braking.map((value) => (value == null ? null : Number(value)))

interface PlotProps {
  own: LapTrace
  other: LapTrace | null
  names: [string, string]
}

const signed = (ms: number) => gap(Math.round(ms))

/** What the cross-hair reads, or, without one, what the strips are. */
function Readout({ own, other, names, share }: PlotProps & { share: number | null }) {
  if (share == null)
    return (
      <p class="readout">
        <span class="own">{names[0]}</span>
        {other && <span class="other">against {names[1]}</span>}
      </p>
    )
  const read = (trace: LapTrace) => {
    const { speed_kmh, throttle_pct, gear } = trace.lap
    const value = (column: (number | null)[]) => valueAt(trace, column, share) ?? unknown
    return `${value(speed_kmh)} km/h, ${value(throttle_pct)} %, gear ${value(gear)}`
  }
  return (
    <p class="readout">
      <b>{Math.round(share * (own.lap.length_m ?? 0))} m</b>
      {other && <b class="delta">{signed(deltaAt(own, other, share))}</b>}
      <span class="own">
        {names[0]} {read(own)}
      </span>
      {other && (
        <span class="other">
          {names[1]} {read(other)}
        </span>
      )}
    </p>
  )
}

const step = 0.005

function Plot({ own, other, names }: PlotProps) {
  const share = useSignal<number | null>(null)
  const onKey = (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (direction === 0) return
    event.preventDefault() // the page's own arrows seek
    share.value = Math.min(1, Math.max(0, (share.value ?? 0) + direction * (event.shiftKey ? 10 : 1) * step))
  }
  const onMove = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    share.value = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)))
  }
  const metres = Math.round((share.value ?? 0) * (own.lap.length_m ?? 0))
  return (
    <>
      <Readout own={own} other={other} names={names} share={share.value} />
      <div
        class="lap-plot"
        role="slider"
        tabIndex={0}
        aria-label="Place in the lap"
        aria-valuemin={0}
        aria-valuemax={Math.round(own.lap.length_m ?? 0)}
        aria-valuenow={metres}
        aria-valuetext={
          other ? `${metres} m, ${signed(deltaAt(own, other, share.value ?? 0))}` : `${metres} m`
        }
        onKeyDown={onKey}
        onPointerMove={onMove}
        onPointerLeave={() => {
          share.value = null
        }}
      >
        {other && <DeltaStrip own={own} other={other} />}
        <Strip name="speed" own={own} other={other} of={(lap) => lap.speed_kmh} low={0} high={360} />
        <Strip name="throttle" own={own} other={other} of={(lap) => lap.throttle_pct} low={-4} high={104} />
        <Strip name="brake" own={own} other={other} of={braking} low={-0.1} high={1.1} />
        <Strip name="gear" own={own} other={other} of={(lap) => lap.gear} low={0} high={8.4} />
        {share.value != null && <i class="cross-hair" style={{ left: `${100 * share.value}%` }} />}
      </div>
    </>
  )
}

const choices: { value: LapChoice; label: string }[] = [
  { value: 'best', label: 'Best laps' },
  { value: 'last', label: 'Last laps' },
]

function Selects({ rival }: { rival: number | null }) {
  const live = useLive()
  return (
    <div class="compare-choice">
      <select
        aria-label="Compared with"
        value={rival ?? ''}
        onChange={(event) => {
          live.compared_driver.value = Number(event.currentTarget.value)
        }}
      >
        {live.ordered.value
          .filter(({ driver_number }) => driver_number !== live.shown.value)
          .map(({ driver_number }) => (
            <option key={driver_number} value={driver_number}>
              {carLabel(driver_number, live.drivers.value)}
            </option>
          ))}
      </select>
      <select
        aria-label="Which laps"
        value={live.compared_lap.value}
        onChange={(event) => {
          live.compared_lap.value = event.currentTarget.value as LapChoice
        }}
      >
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

export function LapCompare() {
  const live = useLive()
  const rival = useComputed(() => {
    const [own, chosen] = [live.shown.value, live.compared_driver.value]
    if (own == null) return null
    const isThere = chosen != null && chosen !== own && live.rows.value[chosen]
    return isThere ? chosen : rivalOf(live.ordered.value, own)
  })
  const ownLap = useLap(live, () => live.shown.value)
  const otherLap = useLap(live, () => rival.value)
  const own = traceOf(ownLap.value)
  const other = traceOf(otherLap.value)
  const shown = live.shown.value
  if (shown == null) return null
  const name = (number: number | null, lap: LapTelemetry | null) =>
    number == null
      ? ''
      : `${carLabel(number, live.drivers.value)} ${lap ? lapTime(lap.lap_time_ms) : ''}`.trim()
  const names: [string, string] = [name(shown, ownLap.value), name(rival.value, otherLap.value)]
  return (
    <div class="lap-compare">
      <Selects rival={rival.value} />
      {own ? (
        <Plot own={own} other={other} names={names} />
      ) : (
        <p class="map-note middle">
          <strong>No lap to draw</strong>
          {carLabel(shown, live.drivers.value)} has no timed lap with telemetry yet.
        </p>
      )}
    </div>
  )
}
