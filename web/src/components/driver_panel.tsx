// Where the driver's card is: a panel at a desk, a sheet on a phone. Where telemetry has no panel of its own
// it is here, beside the card.
import type { Live } from '../live'
import { BattleCard } from './battle_card'
import { Choices } from './choices'
import { isNarrow, useLive } from './context'
import { DriverCard } from './driver_card'
import { LineIcon } from './icons'
import { TraceView, traceViews } from './speed_trace'

const views = [{ value: 'driver', label: 'Driver' }, ...traceViews] as const

function ViewChoices() {
  const live = useLive()
  return (
    <Choices
      label="Car"
      choices={views}
      chosen={live.car_view.value}
      onChoose={(value) => live.showCar(value === 'minute' || value === 'laps' ? value : 'driver')}
    />
  )
}

/** A fight is shown while the viewer has not chosen a car. */
function Card({ live }: { live: Live }) {
  const { shown, chosen, battle } = live
  if (chosen.value == null && battle.value) return <BattleCard battle={battle.value} />
  if (shown.value != null) return <DriverCard number={shown.value} />
  return (
    <div class="empty">
      <strong>No car yet</strong>
      Choose a car in the tower to follow it here.
    </div>
  )
}

export function DriverPanel() {
  const live = useLive()
  const view = isNarrow.value ? live.car_view.value : 'driver'
  const isBattle = view === 'driver' && live.chosen.value == null && live.battle.value != null
  return (
    <section class="panel area-driver" data-view={view} aria-label={isBattle ? 'Battle' : 'Driver'}>
      {isNarrow.value && <ViewChoices />}
      {view === 'driver' ? <Card live={live} /> : <TraceView />}
    </section>
  )
}

/** On a phone the card comes up from the bottom; closed, the car stays chosen, and its row opens it again. */
export function DriverSheet() {
  const live = useLive()
  const chosen = live.chosen.value
  if (chosen == null || !live.is_sheet_open.value || !live.rows.value[chosen]) return null
  const view = live.car_view.value
  return (
    <section class="panel sheet" data-view={view} aria-label="Driver">
      <div class="sheet-head">
        <ViewChoices />
        <button
          type="button"
          class="icon-button"
          aria-label="Close driver"
          onClick={() => {
            live.is_sheet_open.value = false
          }}
        >
          <LineIcon name="close" />
        </button>
      </div>
      {view === 'driver' ? (
        <>
          <DriverCard number={chosen} />
          <button type="button" class="unfollow" onClick={() => live.unchoose()}>
            Stop following
          </button>
        </>
      ) : (
        <TraceView />
      )}
    </section>
  )
}
