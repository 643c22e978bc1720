import type { Tab } from './bottom_nav'
import { isNarrow, isPhone, useLive } from './context'
import { DriverPanel, DriverSheet } from './driver_panel'
import { PlayerTab } from './player_tab'
import { RaceControl } from './race_control'
import { SpeedTrace } from './speed_trace'
import { Tower } from './tower'
import { TrackMap } from './track_map'

function PhoneBoard({ tab }: { tab: Tab }) {
  return (
    <main class="board" data-tab={tab}>
      {(tab === 'tower' || tab === 'map') && <TrackMap />}
      {tab === 'tower' && <Tower />}
      {tab === 'map' && <SpeedTrace />}
      {tab === 'player' && <PlayerTab />}
      {tab === 'feed' && <RaceControl />}
      <DriverSheet />
    </main>
  )
}

export function Board({ tab }: { tab: Tab }) {
  const live = useLive()
  if (isPhone.value) return <PhoneBoard tab={tab} />
  return (
    <main class="board" data-session={live.session.value?.session_key}>
      <Tower />
      <TrackMap />
      {!isNarrow.value && <SpeedTrace />}
      <DriverPanel />
      <RaceControl />
    </main>
  )
}
