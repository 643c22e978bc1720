import { useComputed, useSignal } from '@preact/signals'
import { useCallback, useRef } from 'preact/hooks'
import { isRace, secondCars } from '../tower_order'
import { Choices } from './choices'
import { Classification } from './classification'
import { isPhone, useLive } from './context'
import { useRowSlide } from './row_slide'
import { TowerRow } from './tower_row'

interface Column {
  name: string
  label: string
  title: string
}

function columnsFor(isRaceSession: boolean): Column[] {
  const gapTitle = isRaceSession ? 'Gap to the leader' : 'Gap to the best lap'
  return [
    { name: 'gap', label: 'Gap', title: gapTitle },
    { name: 'interval', label: 'Int', title: 'To the car ahead' },
    { name: 'last', label: 'Last', title: 'Last lap' },
    { name: 'best', label: 'Best', title: 'Best lap' },
    { name: 'minis', label: 'Mini-sectors', title: 'Mini-sectors of this lap' },
  ]
}

/** What a phone shows beside position, driver and tyre: a tap on the header goes to the next pair. */
const phonePairs = [['gap', 'last'], ['interval', 'best'], ['minis']]

interface HeadProps {
  columns: Column[]
  /** On a phone the headers are buttons that show the next columns. */
  onNext: (() => void) | null
}

function TowerHead({ columns, onNext }: HeadProps) {
  return (
    <thead>
      <tr>
        <th scope="col">
          <abbr title="Position">P</abbr>
        </th>
        <th scope="col" class="left">
          Driver
        </th>
        <th scope="col" class="left">
          Tyre
        </th>
        {columns.map(({ name, label, title }) => (
          <th scope="col" key={name} title={title}>
            {onNext ? (
              <button type="button" onClick={onNext} aria-label={`${label}, show other columns`}>
                {label} <span aria-hidden="true">›</span>
              </button>
            ) : (
              label
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function TowerBody({ columns }: { columns: Column[] }) {
  const live = useLive()
  const body = useRef<HTMLTableSectionElement>(null)
  const seconds = useComputed(() => secondCars(live.drivers.value)).value
  const badges = live.badges.value
  const choose = useCallback((driver: number) => live.choose(driver), [live])
  const ordered = live.ordered.value
  useRowSlide(
    body,
    ordered.map((row) => row.driver_number),
    live.stream.value,
  )
  const isRaceSession = isRace(live.session.value?.session_kind)
  return (
    <tbody ref={body} style={{ '--cars': ordered.length }}>
      {ordered.map((row) => (
        <TowerRow
          key={row.driver_number}
          row={row}
          driver={live.drivers.value[row.driver_number]}
          columns={columns.map((column) => column.name).join(' ')}
          shape={live.mini_shape.value}
          isSecond={seconds.has(row.driver_number)}
          isShown={live.shown.value === row.driver_number}
          badge={badges.get(row.driver_number)}
          isRace={isRaceSession}
          onChoose={choose}
        />
      ))}
    </tbody>
  )
}

function TowerTable() {
  const live = useLive()
  const pair = useSignal(0)
  const names = isPhone.value ? (phonePairs[pair.value] ?? []) : null
  const onNext = () => {
    pair.value = (pair.value + 1) % phonePairs.length
  }
  const all = columnsFor(isRace(live.session.value?.session_kind))
  const columns = names ? all.filter((column) => names.includes(column.name)) : all
  return (
    <table class="tower">
      <colgroup>
        <col class="column-position" />
        <col class="column-driver" />
        <col class="column-tyre" />
        {columns.map((column) => (
          <col key={column.name} class={`column-${column.name}`} />
        ))}
      </colgroup>
      <TowerHead columns={columns} onNext={names ? onNext : null} />
      <TowerBody columns={columns} />
    </table>
  )
}

/** At the flag the classification comes up; the timing screen stays one click away. */
export function Tower() {
  const live = useLive()
  const isTimingWanted = useSignal(false)
  const isEmpty = live.ordered.value.length === 0
  const isOver = live.is_classified.value
  const isClassified = isOver && !isTimingWanted.value
  return (
    <section class="panel area-tower" aria-label="Timing tower">
      {isOver && (
        <Choices
          label="Tower"
          choices={[
            { value: 'classification', label: 'Classification' },
            { value: 'timing', label: 'Timing' },
          ]}
          chosen={isClassified ? 'classification' : 'timing'}
          onChoose={(value) => {
            isTimingWanted.value = value === 'timing'
          }}
          note={isClassified ? 'provisional' : undefined}
        />
      )}
      {isClassified ? (
        <Classification />
      ) : isEmpty ? (
        <div class="empty">
          <strong>No timing yet</strong>
          The tower fills with the first timing message.
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <section class="scroll tower-scroll" tabIndex={0} aria-label="Cars by position">
          <TowerTable />
        </section>
      )}
    </section>
  )
}
