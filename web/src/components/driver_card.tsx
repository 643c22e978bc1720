import { teamColour } from '../colour'
import { lapTime, unknown } from '../format'
import { filledTo } from '../mini_shape'
import type { CarSample, Driver, TimingRow } from '../protocol'
import { placesGained } from '../race_story'
import { carState, isRace, secondCars } from '../tower_order'
import { useLive } from './context'
import { lastStopText } from './decisions'
import { MiniSectors } from './mini_sectors'
import { Stints } from './stints'

function Head({ row, driver, isSecond }: { row: TimingRow; driver: Driver | undefined; isSecond: boolean }) {
  return (
    <div class="driver-head">
      <span class="team-bar" data-second={isSecond} style={{ '--team': teamColour(driver?.team_colour) }} />
      <div class="names">
        <h2>{driver?.full_name ?? `Car ${row.driver_number}`}</h2>
        <span class="muted">
          {driver?.team_name ?? 'Name and team not in the feed yet'}
          {driver?.full_name ? ` · ${row.driver_number}` : ''}
        </span>
      </div>
      <span class="big">{row.position == null ? unknown : `P${row.position}`}</span>
    </div>
  )
}

function Pedal({ name, share }: { name: string; share: number | null }) {
  return (
    <>
      <span class="label">{name}</span>
      <span class={`pedal ${name.toLowerCase()}`}>
        <i style={{ transform: `scaleX(${share ?? 0})` }} />
      </span>
    </>
  )
}

/** Speed, gear and pedals as the car's newest sample has them; a dash where the feed says nothing. */
function Gauges({ car }: { car: CarSample | undefined }) {
  const throttle = car?.throttle_pct
  return (
    <div class="gauges">
      <div class="gauge-number">
        <b>{car?.speed_kmh ?? unknown}</b>
        <span class="label">km/h</span>
      </div>
      <div class="gauge-number gear">
        <b>{car?.gear == null ? unknown : car.gear === 0 ? 'N' : car.gear}</b>
        <span class="label">gear</span>
      </div>
      <div class="pedals">
        <Pedal name="Throttle" share={throttle == null ? null : throttle / 100} />
        <Pedal name="Brake" share={car?.is_braking == null ? null : Number(car.is_braking)} />
      </div>
    </div>
  )
}

function Sectors({ row }: { row: TimingRow }) {
  const filled = filledTo(useLive().mini_shape.value, row.mini_sectors)
  return (
    <dl class="sectors">
      {[0, 1, 2].map((index) => (
        <div key={index}>
          <dt class="label">Sector {index + 1}</dt>
          <dd>{lapTime(row.sector_times_ms?.[index])}</dd>
          <MiniSectors sectors={[filled[index] ?? []]} isLarge />
        </div>
      ))}
    </dl>
  )
}

const stateNames = {
  running: 'On track',
  pit: 'In the pits',
  out_lap: 'Out lap',
  stopped: 'Stopped',
  retired: 'Retired',
  knocked_out: 'Eliminated',
}

function Facts({ row }: { row: TimingRow }) {
  const bestLook = row.is_best_lap_overall ? 'best' : ''
  const lastLook = row.is_last_lap_overall_best ? 'best' : row.is_last_lap_personal_best ? 'personal' : ''
  return (
    <dl class="facts">
      <div>
        <dt class="label">Last lap</dt>
        <dd class="time" data-look={lastLook}>
          {lapTime(row.last_lap_time_ms)}
        </dd>
      </div>
      <div>
        <dt class="label">Best lap</dt>
        <dd class="time" data-look={bestLook}>
          {lapTime(row.best_lap_time_ms)}
        </dd>
      </div>
      <div>
        <dt class="label">State</dt>
        <dd>{stateNames[carState(row)]}</dd>
      </div>
    </dl>
  )
}

/** Only of races: the newest stop, what is still to serve, and where the car stands against its start. */
function RaceFacts({ number }: { number: number }) {
  const live = useLive()
  if (!isRace(live.session.value?.session_kind)) return null
  const result = live.results.value[number]
  const badge = live.badges.value.get(number)
  const places = result ? placesGained(result) : null
  return (
    <dl class="facts">
      <div>
        <dt class="label">Last stop</dt>
        <dd>{lastStopText(live.pit_stops.value[number])}</dd>
      </div>
      <div>
        <dt class="label">To serve</dt>
        <dd title={badge?.title}>{badge?.text ?? 'Nothing'}</dd>
      </div>
      <div>
        <dt class="label">Started</dt>
        <dd>
          {result?.grid_position == null
            ? unknown
            : result.grid_position === 0
              ? 'Pits'
              : `P${result.grid_position}`}
          {places ? <span class="muted">{places > 0 ? `▲${places}` : `▼${-places}`}</span> : null}
        </dd>
      </div>
    </dl>
  )
}

export function DriverCard({ number }: { number: number }) {
  const live = useLive()
  const row = live.rows.value[number]
  if (!row) return null
  const isSecond = secondCars(live.drivers.value).has(number)
  return (
    <div class="driver-card">
      <Head row={row} driver={live.drivers.value[number]} isSecond={isSecond} />
      <Gauges car={live.cars.value[number]} />
      <Sectors row={row} />
      <Facts row={row} />
      <Stints row={row} />
      <RaceFacts number={number} />
    </div>
  )
}
