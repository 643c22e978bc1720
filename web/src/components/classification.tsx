// How the session ended, as far as it is known at the cursor: provisional until the stewards have signed.
import { useComputed } from '@preact/signals'
import { gap, lapTime, unknown } from '../format'
import type { Driver, SessionResult } from '../protocol'
import { placesGained, resultTime } from '../race_story'
import { isRace, secondCars } from '../tower_order'
import { useLive } from './context'
import { DriverCell } from './driver_cell'

interface Column {
  name: string
  label: string
  title?: string
  text: (result: SessionResult) => string
}

const points = ({ points: value }: SessionResult) => (value == null || value === 0 ? '' : String(value))
const penalty = ({ penalty_ms }: SessionResult) => (penalty_ms ? `+${penalty_ms / 1000}` : '')

function change(result: SessionResult): string {
  if (result.grid_position === 0) return 'pits'
  const places = placesGained(result)
  if (places == null) return ''
  return places === 0 ? '=' : places > 0 ? `▲${places}` : `▼${-places}`
}

const raceColumns: Column[] = [
  { name: 'change', label: '±', title: 'Places won or lost since the start', text: change },
  { name: 'laps', label: 'Laps', text: ({ laps_completed }) => String(laps_completed ?? unknown) },
  { name: 'time', label: 'Time', text: resultTime },
  { name: 'penalty', label: 'Pen', title: 'Penalty seconds in the time', text: penalty },
  { name: 'fastest', label: 'Best', text: ({ best_lap_time_ms }) => lapTime(best_lap_time_ms) },
  { name: 'points', label: 'Pts', title: 'Points', text: points },
]

const qualifyingColumns: Column[] = [
  { name: 'q', label: 'Q1', text: ({ q1_ms }) => lapTime(q1_ms) },
  { name: 'q', label: 'Q2', text: ({ q2_ms }) => lapTime(q2_ms) },
  { name: 'q', label: 'Q3', text: ({ q3_ms }) => lapTime(q3_ms) },
  { name: 'time', label: 'Gap', text: ({ position, gap_ms }) => (position === 1 ? '' : gap(gap_ms)) },
]

const practiceColumns: Column[] = [
  { name: 'laps', label: 'Laps', text: ({ laps_completed }) => String(laps_completed ?? unknown) },
  { name: 'time', label: 'Best', text: ({ best_lap_time_ms }) => lapTime(best_lap_time_ms) },
  { name: 'time', label: 'Gap', text: ({ position, gap_ms }) => (position === 1 ? '' : gap(gap_ms)) },
]

function columnsFor(kind: string | null | undefined): Column[] {
  if (isRace(kind)) return raceColumns
  return /qualifying|shootout/i.test(kind ?? '') ? qualifyingColumns : practiceColumns
}

interface RowProps {
  result: SessionResult
  driver: Driver | undefined
  columns: Column[]
  isSecond: boolean
  isShown: boolean
  onChoose: () => void
}

function Row({ result, driver, columns, isSecond, isShown, onChoose }: RowProps) {
  const isPlace = /^\d+$/.test(result.classified_position ?? '')
  return (
    <tr data-driver={result.driver_number} data-shown={isShown} data-out={!isPlace} onClick={onChoose}>
      <td class="position">{isPlace ? result.classified_position : (result.position ?? unknown)}</td>
      <DriverCell
        driver_number={result.driver_number}
        driver={driver}
        isSecond={isSecond}
        isShown={isShown}
        onChoose={onChoose}
      />
      {columns.map(({ label, name: column, text }) => (
        <td key={label} class={`cell-${column}`}>
          {text(result)}
        </td>
      ))}
    </tr>
  )
}

export function Classification() {
  const live = useLive()
  const seconds = useComputed(() => secondCars(live.drivers.value)).value
  const results = Object.values(live.results.value).sort((a, b) => (a.position ?? 99) - (b.position ?? 99))
  const columns = columnsFor(live.session.value?.session_kind).filter(({ text }) => results.some(text))
  const isProvisional = results.some(({ is_provisional }) => is_provisional)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section class="scroll tower-scroll" tabIndex={0} aria-label="Classification">
      <table class="tower classification">
        <colgroup>
          <col class="column-position" />
          <col class="column-driver" />
          {columns.map(({ label, name }) => (
            <col key={label} class={`column-${name}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <abbr title="Position">P</abbr>
            </th>
            <th scope="col" class="left">
              Driver
            </th>
            {columns.map(({ label, name, title }) => (
              <th scope="col" key={label} class={`cell-${name}`} title={title}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ '--cars': results.length }} data-provisional={isProvisional}>
          {results.map((result) => (
            <Row
              key={result.driver_number}
              result={result}
              driver={live.drivers.value[result.driver_number]}
              columns={columns}
              isSecond={seconds.has(result.driver_number)}
              isShown={live.shown.value === result.driver_number}
              onChoose={() => live.choose(result.driver_number)}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}
