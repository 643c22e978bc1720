import { useComputed } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { carLabel } from '../tower_order'
import { TraceScene } from '../trace_scene'
import { Canvas } from './canvas'
import { Choices } from './choices'
import { useLive } from './context'
import { LapCompare } from './lap_compare'

function LastMinute() {
  const live = useLive()
  const make = useCallback((canvas: HTMLCanvasElement) => new TraceScene(canvas, live), [live])
  const shown = live.shown.value
  const name = shown == null ? '' : carLabel(shown, live.drivers.value)
  const hasTelemetry = useComputed(() => {
    const car = live.shown.value == null ? undefined : live.cars.value[live.shown.value]
    return car?.speed_kmh != null
  }).value
  return (
    <div class="canvas-box">
      {hasTelemetry ? (
        <>
          <span class="trace-key label">
            {name} <i class="speed" /> km/h <i class="throttle" /> throttle <i class="brake" /> brake
          </span>
          <Canvas label={`Speed, throttle and brake of ${name} over the last minute`} make={make} />
        </>
      ) : (
        <p class="map-note middle">
          <strong>No telemetry</strong>
          The feed has no speed for this car at this moment.
        </p>
      )}
    </div>
  )
}

/** What the viewer has chosen of the two. */
export function TraceView() {
  return useLive().trace_view.value === 'laps' ? <LapCompare /> : <LastMinute />
}

export const traceViews = [
  { value: 'minute', label: 'Last minute' },
  { value: 'laps', label: 'Laps' },
] as const

export function SpeedTrace() {
  const live = useLive()
  return (
    <section class="panel trace-panel area-trace" aria-label="Telemetry">
      <Choices
        label="Telemetry"
        choices={traceViews}
        chosen={live.trace_view.value}
        onChoose={(value) => live.showTrace(value === 'laps' ? 'laps' : 'minute')}
      />
      <TraceView />
    </section>
  )
}
