// The cell of a table that names a car's driver; a button, so that the keyboard chooses the car too.
import type { ComponentChildren } from 'preact'
import { teamColour } from '../colour'
import type { Driver } from '../protocol'

interface Props {
  driver_number: number
  driver: Driver | undefined
  isSecond: boolean
  isShown: boolean
  onChoose: () => void
  /** Behind the code. */
  children?: ComponentChildren
}

export function DriverCell({ driver_number, driver, isSecond, isShown, onChoose, children }: Props) {
  const name = driver?.full_name ?? `Car ${driver_number}`
  return (
    <th scope="row" class="left driver">
      <button
        type="button"
        class="driver-cell"
        aria-pressed={isShown}
        title={name}
        onClick={(event) => {
          event.stopPropagation()
          onChoose()
        }}
      >
        <span class="team-bar" data-second={isSecond} style={{ '--team': teamColour(driver?.team_colour) }} />
        <span class="code">{driver?.driver_code || driver_number}</span>
        {children}
        <span class="hidden">{name}</span>
      </button>
    </th>
  )
}
