import { useComputed } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { carLabel } from '../tower_order'
import { TraceScene } from '../trace_scene'
import { Canvas } from './canvas'
import { useLive } from './context'

export function SpeedTrace() {
  const live = useLive()
  const make = useCallback((canvas: HTMLCanvasElement) => new TraceScene(canvas, live), [live])
  const shown = live.shown.value
  const name = shown == null ? '' : carLabel(shown, live.drivers.value)
  const hasTelemetry = useComputed(() => {
    const car = live.shown.value == null ? undefined : live.cars.value[live.shown.value]
    return car?.speed_kmh != null
  }).value
  return (
    <section class="panel trace-panel area-trace" aria-label="Speed">
      <h2 class="panel-title">
        <span>
          {name} <span class="muted">speed, last minute</span>
        </span>
        <span class="aside trace-key label">
          <i class="speed" /> km/h <i class="throttle" /> throttle <i class="brake" /> brake
        </span>
      </h2>
      <div class="canvas-box">
        {hasTelemetry ? (
          <Canvas label={`Speed, throttle and brake of ${name} over the last minute`} make={make} />
        ) : (
          <p class="map-note middle">
            <strong>No telemetry</strong>
            The feed has no speed for this car at this moment.
          </p>
        )}
      </div>
    </section>
  )
}
