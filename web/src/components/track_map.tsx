import { useComputed, useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { Corner } from '../map/corner'
import { MapScene } from '../map/scene'
import { Canvas } from './canvas'
import { useLive } from './context'

function Note() {
  const live = useLive()
  const carsCount = useComputed(
    () => Object.values(live.cars.value).filter((car) => car.x_dm != null && car.y_dm != null).length,
  ).value
  const isEstimated = useComputed(() => Object.values(live.cars.value).some((car) => car.is_estimated)).value
  const hasPositions = carsCount > 0
  if (isEstimated)
    return (
      <p class="map-note" key="estimated">
        Estimated from timing: no car sends its place here.
      </p>
    )
  if (hasPositions && live.outline.value) return null
  if (hasPositions)
    return (
      <p class="map-note" key="drawing">
        The track appears as the cars draw it. The outline follows after a few laps.
      </p>
    )
  return (
    <p key="missing" class={live.outline.value ? 'map-note' : 'map-note middle'}>
      <strong>No car positions</strong>{' '}
      {live.outline.value ? 'at this moment' : 'This feed has none so far. Timing goes on without them.'}
    </p>
  )
}

export function TrackMap() {
  const live = useLive()
  const corner = useSignal<Corner>('top-left')
  const make = useCallback(
    (canvas: HTMLCanvasElement) => {
      const onCorner = (found: Corner) => {
        corner.value = found
      }
      return new MapScene(canvas, live, onCorner)
    },
    [live, corner],
  )
  const session = live.session.value
  const length = live.outline.value?.length_m
  const name = session?.circuit_short_name ?? 'the circuit'
  return (
    <section class="panel map-panel area-map" aria-label="Track map">
      <div key={corner.value} class="circuit-name" data-corner={corner.value}>
        {session?.circuit_short_name}
        {length != null && <span class="label">{(length / 1000).toFixed(1)} km</span>}
      </div>
      <div class="canvas-box">
        <Canvas
          label={`Map of ${name} with the cars on it; the tower has their order as a table`}
          make={make}
        />
        <Note />
      </div>
    </section>
  )
}
