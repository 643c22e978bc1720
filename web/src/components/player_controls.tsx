// The buttons of the viewer's own clock, shared by the bar at the bottom and the phone's tab.
import { useLive } from './context'
import { PlayIcon } from './icons'

export const speeds = [1, 2, 5, 10, 30]

export function PlayButton() {
  const live = useLive()
  const isPlaying = live.player.value?.is_playing ?? false
  return (
    <button
      type="button"
      class="icon-button play"
      aria-label={isPlaying ? 'Pause' : 'Play'}
      onClick={() => live.togglePlaying()}
    >
      <PlayIcon isPlaying={isPlaying} />
    </button>
  )
}

export function SpeedButtons() {
  const live = useLive()
  const current = live.player.value?.speed
  return (
    <fieldset class="speeds" aria-label="Speed">
      {speeds.map((speed) => (
        <button
          type="button"
          key={speed}
          aria-pressed={speed === current}
          onClick={() => live.setSpeed(speed)}
        >
          {speed}×
        </button>
      ))}
    </fieldset>
  )
}

/** To the newest there is. An archive has none: its end would give the result away. */
export function EdgeButton() {
  const live = useLive()
  const player = live.player.value
  if (!player || player.mode === 'archive') return null
  const isLive = player.mode === 'live'
  const here = isLive ? 'Live' : 'At the newest'
  const away = isLive ? 'Go live' : 'To the newest'
  return (
    <button type="button" class="edge" disabled={player.is_at_edge} onClick={() => live.goLive()}>
      {player.is_at_edge ? here : away}
    </button>
  )
}
