import { EdgeButton, PlayButton, SpeedButtons } from './player_controls'
import { TimelineTrack } from './timeline'

export function PlayerBar() {
  return (
    <footer class="player-bar">
      <PlayButton />
      <TimelineTrack />
      <SpeedButtons />
      <EdgeButton />
    </footer>
  )
}
