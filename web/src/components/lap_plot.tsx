// Two laps by the distance in them: time lost and won, speed, throttle, brake, gear, and the cross-hair.
import type { Signal } from '@preact/signals'
import { memo } from 'preact/compat'
import { deltaAt, deltaOf, endOf, type LapTelemetry, type LapTrace, pathOf } from '../lap_compare'

const width = 1000

interface StripProps {
  name: string
  own: LapTrace
  other: LapTrace | null
  of: (lap: LapTelemetry) => (number | null)[]
  low: number
  high: number
}

const Strip = memo(function Strip({ name, own, other, of, low, high }: StripProps) {
  return (
    <div class={`strip strip-${name}`}>
      <span class="label">{name}</span>
      <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden="true">
        {other && <path class="other" d={pathOf(other.share, of(other.lap), low, high, width)} />}
        <path class="own" d={pathOf(own.share, of(own.lap), low, high, width)} />
      </svg>
    </div>
  )
})

const seconds = (ms: number) => (ms / 1000).toFixed(1)

interface DeltaProps {
  own: LapTrace
  other: LapTrace
  ownName: string
  otherName: string
}

/** Above zero the shown car is behind so far, below it is ahead; the ends of the scale are whole tenths. */
const DeltaStrip = memo(function DeltaStrip({ own, other, ownName, otherName }: DeltaProps) {
  const { share, delta_ms, scale_ms } = deltaOf(own, other)
  const end = ((share.at(-1) as number) * width).toFixed(1)
  const area = (values: number[]) => `${pathOf(share, values, -scale_ms, scale_ms, width)}L${end} 50L0 50Z`
  return (
    <div class="strip strip-delta">
      <span class="label">delta</span>
      <span class="label scale scale-top">+{seconds(scale_ms)}</span>
      <span class="label scale scale-bottom">−{seconds(scale_ms)}</span>
      <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path class="behind" d={area(delta_ms.map((ms) => Math.max(0, ms)))} />
        <path class="ahead" d={area(delta_ms.map((ms) => Math.min(0, ms)))} />
        <path class="zero" d={`M0 50L${width} 50`} />
        <path class="delta" d={pathOf(share, delta_ms, -scale_ms, scale_ms, width)} />
      </svg>
      <span class="label who who-top">{otherName} ahead</span>
      <span class="label who who-bottom">{ownName} ahead</span>
    </div>
  )
})

/** "VER 0.123 s ahead" at that place; nothing where one of the laps is not driven so far. */
export function leadText({ own, other, ownName, otherName }: DeltaProps, share: number): string | null {
  if (share > Math.min(endOf(own), endOf(other))) return null
  const delta_ms = deltaAt(own, other, share)
  const lead_ms = Math.round(Math.abs(delta_ms))
  if (lead_ms === 0) return 'level'
  return `${delta_ms < 0 ? ownName : otherName} ${(lead_ms / 1000).toFixed(3)} s ahead`
}

const speed = (lap: LapTelemetry) => lap.speed_kmh
const throttle = (lap: LapTelemetry) => lap.throttle_pct
const gear = (lap: LapTelemetry) => lap.gear
const braking = (lap: LapTelemetry) => lap.is_braking.map((value) => (value == null ? null : Number(value)))

/** The two laps, and who is who. */
export interface Sides {
  own: LapTrace
  other: LapTrace | null
  ownName: string
  otherName: string
}

interface PlotProps extends Sides {
  /** Where the cross-hair is, 0 to 1. */
  share: Signal<number | null>
}

const step = 0.005
const inLap = (share: number) => Math.min(1, Math.max(0, share))

export function LapPlot({ own, other, ownName, otherName, share }: PlotProps) {
  const onKey = (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (direction === 0) return
    event.preventDefault() // the page's own arrows seek
    share.value = inLap((share.value ?? 0) + direction * (event.shiftKey ? 10 : 1) * step)
  }
  const onPoint = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    share.value = inLap((event.clientX - box.left) / Math.max(1, box.width))
  }
  // A finger leaves with every tap: what it has pointed at stays until the next one.
  const onLeave = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') share.value = null
  }
  const metres = Math.round((share.value ?? 0) * (own.lap.length_m ?? 0))
  const lead = other && leadText({ own, other, ownName, otherName }, share.value ?? 0)
  return (
    <div
      class="lap-plot"
      role="slider"
      tabIndex={0}
      aria-label="Place in the lap"
      aria-valuemin={0}
      aria-valuemax={Math.round(own.lap.length_m ?? 0)}
      aria-valuenow={metres}
      aria-valuetext={lead ? `${metres} m, ${lead}` : `${metres} m`}
      onKeyDown={onKey}
      onPointerDown={onPoint}
      onPointerMove={onPoint}
      onPointerLeave={onLeave}
    >
      {other && <DeltaStrip own={own} other={other} ownName={ownName} otherName={otherName} />}
      <Strip name="speed" own={own} other={other} of={speed} low={0} high={360} />
      <Strip name="throttle" own={own} other={other} of={throttle} low={-4} high={104} />
      <Strip name="brake" own={own} other={other} of={braking} low={-0.1} high={1.1} />
      <Strip name="gear" own={own} other={other} of={gear} low={0} high={8.4} />
      {share.value != null && <i class="cross-hair" style={{ left: `${100 * share.value}%` }} />}
    </div>
  )
}
