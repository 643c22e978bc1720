import { useComputed } from '@preact/signals'
import { currentFlag } from '../flags'
import { behind, countdown, fixed, localTime, sessionTime, unknown } from '../format'
import type { Player, SessionClock } from '../protocol'
import { partName } from '../tower_order'
import { ConnectionPill } from './connection_pill'
import { useLive } from './context'
import { Brand } from './icons'

/** The session clock at the cursor: the feed says it now and then, in between it is carried on. */
export function remainingAt(clock: SessionClock | null, cursor_ms: number): number | null {
  if (clock?.remaining_ms == null) return null
  if (!clock.is_extrapolating) return clock.remaining_ms
  return Math.max(0, clock.remaining_ms - Math.max(0, cursor_ms - clock.session_time_ms))
}

function Headline() {
  const live = useLive()
  const clock = useComputed(() => countdown(remainingAt(live.clock.value, live.cursor_ms.value ?? 0)))
  const laps = live.lap_count.value
  const part = live.session_part.value
  return (
    <div class="headline">
      {part ? <span class="part">{partName(live.session.value?.session_kind, part)}</span> : null}
      {laps?.current_lap != null ? (
        <span class="laps">
          <small>LAP </small>
          {laps.current_lap}/{laps.total_laps ?? unknown}
        </span>
      ) : (
        <span class="clock">{clock}</span>
      )}
    </div>
  )
}

export function FlagPill() {
  const live = useLive()
  const flag = currentFlag(live.track_status.value, live.session_status.value)
  return (
    <div class="flag" data-look={flag.look} role="status">
      <span>{flag.label}</span>
    </div>
  )
}

export function FlagBand() {
  const live = useLive()
  const flag = currentFlag(live.track_status.value, live.session_status.value)
  return <div class="band" data-look={flag.look} />
}

export function WeatherStrip() {
  const weather = useLive().weather.value
  if (!weather) return null
  const direction = weather.wind_direction_deg
  return (
    <dl class="weather wide">
      <div>
        <dt>Track</dt>
        <dd>{fixed(weather.track_temperature_c, 1)}°</dd>
      </div>
      <div>
        <dt>Air</dt>
        <dd>{fixed(weather.air_temperature_c, 1)}°</dd>
      </div>
      <div class="extra">
        <dt>Humidity</dt>
        <dd>{fixed(weather.humidity_pct, 0)} %</dd>
      </div>
      <div class="extra wind">
        <dt>Wind</dt>
        <dd>
          {fixed(weather.wind_speed_mps, 1)} m/s
          {direction != null && (
            <svg class="wind-arrow" viewBox="0 0 10 10" aria-hidden="true">
              <path
                d="M5 10V2M2 5l3-4 3 4"
                fill="none"
                stroke="currentColor"
                stroke-width="1.5"
                transform={`rotate(${(direction + 180) % 360} 5 5)`}
              />
            </svg>
          )}
        </dd>
      </div>
      <div>
        <dt>Rain</dt>
        <dd>{weather.is_raining == null ? unknown : weather.is_raining ? 'Yes' : 'No'}</dd>
      </div>
    </dl>
  )
}

const speedText = (speed: number) => `${Number(speed.toFixed(2))}×`

/** LIVE, LIVE -32 s, REPLAY 10×, ARCHIVE 1×: where the picture comes from and how far behind it is. */
export function modeText(player: Player, cursor_ms: number): string {
  const late = (player.is_at_edge ? 0 : player.edge_ms - cursor_ms) + player.delay_ms
  const lag = player.mode !== 'archive' && late >= 1000 ? ` −${behind(late)}` : ''
  if (player.mode === 'live') return `LIVE${lag}${player.speed !== 1 ? ` ${speedText(player.speed)}` : ''}`
  return `${player.mode.toUpperCase()} ${speedText(player.speed)}${lag}`
}

function ModePill() {
  const live = useLive()
  const text = useComputed(() => {
    const player = live.player.value
    return player ? modeText(player, live.cursor_ms.value ?? 0) : ''
  })
  const player = live.player.value
  if (!player) return null
  return (
    <div class="mode wide" data-mode={player.mode} data-edge={String(player.is_at_edge)}>
      {text}
    </div>
  )
}

function CursorTime() {
  const live = useLive()
  const local = useComputed(() => localTime(live.session.value, live.cursor_ms.value ?? 0))
  const session = useComputed(() => sessionTime(live.cursor_ms.value))
  return (
    <dl class="cursor-time wide">
      <div>
        <dt>At the track</dt>
        <dd>{local}</dd>
      </div>
      <div>
        <dt>Session</dt>
        <dd class="session-time">{session}</dd>
      </div>
    </dl>
  )
}

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const session = useLive().session.value
  return (
    <header class="top-bar">
      <span class="wide">
        <Brand />
      </span>
      <div class="event">
        <h1>{session?.meeting_name ?? 'slipstream'}</h1>
        <span class="label">{session?.session_name ?? 'Live timing'}</span>
      </div>
      {session?.source_kind === 'simulated' && (
        <strong class="simulated" title="A race that never was, driven by a computer">
          SIMULATED
        </strong>
      )}
      {session && <Headline />}
      {session && <FlagPill />}
      {session && <WeatherStrip />}
      <span class="top-space" />
      {session && <ModePill />}
      {session && <CursorTime />}
      <ConnectionPill />
      <button type="button" class="icon-button wide" aria-label="Help and keys" onClick={onHelp}>
        ?
      </button>
    </header>
  )
}
