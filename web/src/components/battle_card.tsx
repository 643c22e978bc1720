// The closest fight on the road: who comes nearer to whom, how fast, and on which tyres.
import { teamColour } from '../colour'
import { gap } from '../format'
import type { Battle } from '../protocol'
import { closingPerLap } from '../race_story'
import { secondCars } from '../tower_order'
import { tyreOf } from '../tyres'
import { useLive } from './context'
import { TyreMark } from './tyre'

function Fighter({ number, part }: { number: number; part: string }) {
  const live = useLive()
  const driver = live.drivers.value[number]
  const row = live.rows.value[number]
  return (
    <button
      type="button"
      class="fighter"
      title={`Follow ${driver?.full_name ?? `car ${number}`}`}
      onClick={() => live.choose(number)}
    >
      <span
        class="team-bar"
        data-second={secondCars(live.drivers.value).has(number)}
        style={{ '--team': teamColour(driver?.team_colour) }}
      />
      <span class="names">
        <b>{driver?.full_name ?? `Car ${number}`}</b>
        <span class="label">
          {row?.position == null ? '' : `P${row.position} · `}
          {part}
        </span>
      </span>
      <TyreMark compound={row?.tyre_compound ?? null} age={row?.tyre_age_laps ?? null} />
    </button>
  )
}

const height = 44
const width = 240

/** Gaps at the last lines, and now, as a falling line over the second below which it is a fight. */
function Trend({ gaps }: { gaps: readonly number[] }) {
  const most = Math.max(1000, ...gaps)
  const place = (gap_ms: number, index: number) => {
    const x = gaps.length < 2 ? 0 : (index / (gaps.length - 1)) * (width - 12) + 6
    return [x, height - 6 - (gap_ms / most) * (height - 12)] as const
  }
  const points = gaps.map((gap_ms, index) => place(gap_ms, index))
  const second = height - 6 - (1000 / most) * (height - 12)
  const text = gaps.map((gap_ms) => (gap_ms / 1000).toFixed(1)).join(', ')
  return (
    <svg class="trend" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Gaps by lap: ${text} s`}>
      <line x1="0" x2={width} y1={second} y2={second} class="second" />
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      {points.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="3" />
      ))}
    </svg>
  )
}

function tyreDifference(live: ReturnType<typeof useLive>, battle: Battle): string {
  const behind = live.rows.value[battle.behind_driver_number]
  const ahead = live.rows.value[battle.ahead_driver_number]
  if (behind?.tyre_age_laps == null || ahead?.tyre_age_laps == null) return 'Tyres not known'
  const laps = ahead.tyre_age_laps - behind.tyre_age_laps
  const [own, other] = [tyreOf(behind.tyre_compound), tyreOf(ahead.tyre_compound)]
  const compounds = own && other && own.name !== other.name ? `${own.name} on ${other.name}, ` : ''
  if (laps === 0) return `${compounds}same age`
  const unit = Math.abs(laps) === 1 ? 'lap' : 'laps'
  return `${compounds}${Math.abs(laps)} ${unit} ${laps > 0 ? 'fresher' : 'older'}`
}

export function BattleCard({ battle }: { battle: Battle }) {
  const live = useLive()
  const closing = closingPerLap(battle)
  return (
    <div class="driver-card battle-card">
      <div class="battle-head">
        <span class="label">Battle</span>
        <b class="time">{gap(battle.interval_ms)}</b>
        {closing != null && <span class="label">−{(closing / 1000).toFixed(2)} s a lap</span>}
      </div>
      <Fighter number={battle.ahead_driver_number} part="ahead" />
      <Fighter number={battle.behind_driver_number} part="closing" />
      <Trend gaps={battle.line_gaps_ms} />
      <p class="muted">{tyreDifference(live, battle)}</p>
    </div>
  )
}
