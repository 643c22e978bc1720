// The phone's tab for everything that has no room in its bars: speed, steps, source, weather.
import { useComputed } from '@preact/signals'
import { fixed, localTime, sessionTime, unknown } from '../format'
import { long_step_ms, step_ms } from '../keys'
import { nextInWords } from '../next_session'
import { useLive } from './context'
import { counts } from './pipeline_strip'
import { EdgeButton, SpeedButtons } from './player_controls'
import { modeText } from './top_bar'

const steps = [-long_step_ms, -step_ms, step_ms, long_step_ms]

const stepText = (ms: number) => `${ms < 0 ? '−' : '+'}${Math.abs(ms / 1000)} s`

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt class="label">{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Weather() {
  const weather = useLive().weather.value
  if (!weather) return null
  return (
    <dl class="facts">
      <Fact name="Track" value={`${fixed(weather.track_temperature_c, 1)}°`} />
      <Fact name="Air" value={`${fixed(weather.air_temperature_c, 1)}°`} />
      <Fact name="Rain" value={weather.is_raining == null ? unknown : weather.is_raining ? 'Yes' : 'No'} />
      <Fact name="Humidity" value={`${fixed(weather.humidity_pct, 0)} %`} />
      <Fact name="Wind" value={`${fixed(weather.wind_speed_mps, 1)} m/s`} />
      <Fact name="Pressure" value={`${fixed(weather.pressure_mbar, 0)} mbar`} />
    </dl>
  )
}

/** The strip of wider screens. */
function PipelineFacts() {
  const { pipeline, next_session } = useLive().status
  const next = nextInWords(next_session.value, Date.now())
  if (!pipeline.value) return null
  return (
    <>
      <dl class="facts">
        {counts(pipeline.value).map(({ name, value }) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {next && (
        <p class="muted">
          Next: {next.what}, {next.when}, {next.distance}
        </p>
      )}
    </>
  )
}

export function PlayerTab() {
  const live = useLive()
  const local = useComputed(() => localTime(live.session.value, live.cursor_ms.value ?? 0)).value
  const session = useComputed(() => sessionTime(live.cursor_ms.value)).value
  const player = live.player.value
  return (
    <section class="panel area-player" aria-label="Control">
      <div class="player-tab">
        <dl class="facts">
          <Fact name="At the track" value={local} />
          <Fact name="Session" value={session} />
          <Fact name="Source" value={player ? modeText(player, live.cursor_ms.value ?? 0) : unknown} />
        </dl>
        <div class="row">
          {steps.map((step) => (
            <button type="button" key={step} onClick={() => live.seekBy(step)}>
              {stepText(step)}
            </button>
          ))}
        </div>
        <SpeedButtons />
        <div class="row">
          <EdgeButton />
        </div>
        <Weather />
        <PipelineFacts />
      </div>
    </section>
  )
}
