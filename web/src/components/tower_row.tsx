import { memo } from 'preact/compat'
import { gap, lapTime, unknown } from '../format'
import { filledTo } from '../mini_shape'
import type { Driver, TimingRow } from '../protocol'
import type { Badge } from '../race_story'
import { type CarState, carState } from '../tower_order'
import { DriverCell } from './driver_cell'
import { Flash } from './flash'
import { MiniSectors } from './mini_sectors'
import { TyreMark } from './tyre'

export interface TowerRowProps {
  row: TimingRow
  driver: Driver | undefined
  /** Names of the columns behind the tyre, joined by spaces. */
  columns: string
  /** How many mini-sectors each sector has. */
  shape: readonly number[]
  isSecond: boolean
  isShown: boolean
  isRace: boolean
  /** What the car has still to serve. */
  badge: Badge | undefined
  onChoose: (driver_number: number) => void
}

const stateText: Partial<Record<CarState, string>> = {
  pit: 'PIT',
  out_lap: 'OUT',
  stopped: 'STOP',
  retired: 'RET',
  knocked_out: 'ELIM',
}

const stateTitle: Partial<Record<CarState, string>> = {
  pit: 'In the pit lane',
  out_lap: 'On its out lap',
  stopped: 'Stopped on the track',
  retired: 'Retired',
  knocked_out: 'Knocked out',
}

function lastLook(row: TimingRow): string {
  if (row.last_lap_time_ms == null) return 'none'
  if (row.is_last_lap_overall_best) return 'best'
  return row.is_last_lap_personal_best ? 'personal' : ''
}

function bestLook(row: TimingRow): string {
  if (row.best_lap_time_ms == null) return 'none'
  return row.is_best_lap_overall ? 'best' : ''
}

const look = (value: number | null) => (value == null ? 'none' : '')

function GapCell({ row, isRace }: { row: TimingRow; isRace: boolean }) {
  if (row.position === 1 && !row.gap_ms)
    return <span class="muted">{isRace ? 'Leader' : row.best_lap_time_ms == null ? '' : 'Best'}</span>
  return (
    // Gaps change all the time: if they lit up, nothing else would be seen.
    <span class="time" data-look={look(row.gap_ms)}>
      {gap(row.gap_ms, row.gap_laps)}
    </span>
  )
}

/** To the car ahead; or, where that says nothing now, what the car is doing instead. */
function IntervalCell({ row }: { row: TimingRow }) {
  const state = carState(row)
  const text = stateText[state]
  const hasInterval = row.interval_ms != null || row.interval_laps != null
  if (text && !(state === 'out_lap' && hasInterval))
    return (
      <span class="state" title={stateTitle[state]}>
        {text}
      </span>
    )
  if (row.position === 1) return null
  return (
    <span class="time" data-look={hasInterval ? '' : 'none'}>
      {gap(row.interval_ms, row.interval_laps)}
    </span>
  )
}

interface CellProps {
  name: string
  row: TimingRow
  isRace: boolean
  shape: readonly number[]
}

function Cell({ name, row, isRace, shape }: CellProps) {
  switch (name) {
    case 'gap':
      return <GapCell row={row} isRace={isRace} />
    case 'interval':
      return <IntervalCell row={row} />
    case 'last':
      return <Flash text={lapTime(row.last_lap_time_ms)} value={row.last_lap_time_ms} look={lastLook(row)} />
    case 'best':
      return <Flash text={lapTime(row.best_lap_time_ms)} value={row.best_lap_time_ms} look={bestLook(row)} />
    default:
      return <MiniSectors sectors={filledTo(shape, row.mini_sectors)} />
  }
}

function Row({ row, driver, columns, shape, isSecond, isShown, isRace, badge, onChoose }: TowerRowProps) {
  const choose = () => onChoose(row.driver_number)
  return (
    <tr data-driver={row.driver_number} data-state={carState(row)} data-shown={isShown} onClick={choose}>
      <td class="position">{row.position ?? unknown}</td>
      <DriverCell
        driver_number={row.driver_number}
        driver={driver}
        isSecond={isSecond}
        isShown={isShown}
        onChoose={choose}
      >
        {badge && (
          <span class="badge" title={badge.title}>
            {badge.text}
          </span>
        )}
      </DriverCell>
      <td class="left">
        <TyreMark compound={row.tyre_compound} age={row.tyre_age_laps} />
      </td>
      {columns.split(' ').map((column) => (
        <td key={column}>
          <Cell name={column} row={row} isRace={isRace} shape={shape} />
        </td>
      ))}
    </tr>
  )
}

/** Drawn again only when its entry changed: the view keeps what did not. */
export const TowerRow = memo(Row)
