// What the stewards have decided or look into, and who has stopped when: two lists beside race control's.
import { unknown } from '../format'
import type { PitStop } from '../protocol'
import { decisionsOf, lastMessage, penaltyName, stateNames } from '../race_story'
import { carLabel } from '../tower_order'
import { useLive } from './context'
import { timeOf } from './track_time'
import { TyreMark } from './tyre'

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {text}
    </div>
  )
}

export function Decisions() {
  const live = useLive()
  const decisions = decisionsOf(live.penalties.value)
  if (decisions.length === 0)
    return <Nothing title="No decisions" text="Incidents and penalties appear here with their state." />
  const messages = new Map(live.race_control.value.map((message) => [message.message_number, message]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section class="scroll" tabIndex={0} aria-label="Decisions, newest first">
      <ol class="decisions">
        {decisions.map((penalty) => {
          const at = messages.get(lastMessage(penalty))
          return (
            <li key={penalty.penalty_number} data-state={penalty.state}>
              <time>{at ? timeOf(live.session.value, at.session_time_ms) : unknown}</time>
              <b>
                {penalty.driver_number == null ? '' : carLabel(penalty.driver_number, live.drivers.value)}
              </b>
              <span class="what">{penaltyName(penalty)}</span>
              <span class="penalty-state">{stateNames[penalty.state]}</span>
              {penalty.reason && <p class="muted">{penalty.reason}</p>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

const seconds = (ms: number | null) => (ms == null ? unknown : (ms / 1000).toFixed(1))

export function PitStops() {
  const live = useLive()
  const stops = Object.entries(live.pit_stops.value).flatMap(([number, list]) =>
    list.map((stop) => ({ driver_number: Number(number), ...stop })),
  )
  if (stops.length === 0) return <Nothing title="No stops" text="Stops of a race appear here." />
  const time = (stop: (typeof stops)[number]) => stop.pit_in_time_ms ?? stop.pit_out_time_ms ?? 0
  stops.sort((a, b) => time(b) - time(a))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section class="scroll" tabIndex={0} aria-label="Pit stops, newest first">
      <table class="stops">
        <thead>
          <tr>
            <th scope="col">Lap</th>
            <th scope="col" class="left">
              Driver
            </th>
            <th scope="col" class="left">
              Tyres
            </th>
            <th scope="col" title="Time in the pit lane, s">
              Lane
            </th>
            <th scope="col" title="Time standing, s">
              Stop
            </th>
          </tr>
        </thead>
        <tbody>
          {stops.map((stop) => (
            <tr key={`${stop.driver_number}/${stop.stop_number}`}>
              <td>{stop.lap_number ?? unknown}</td>
              <th scope="row" class="left">
                {carLabel(stop.driver_number, live.drivers.value)}
                <span class="muted"> {stop.stop_number}</span>
              </th>
              <td class="left tyres">
                <TyreMark compound={stop.compound_before} age={null} />
                <span aria-hidden="true">→</span>
                <TyreMark compound={stop.compound_after} age={null} />
              </td>
              <td>{seconds(stop.lane_duration_ms)}</td>
              <td>{seconds(stop.stationary_duration_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** "2.9 s": standing where that is known, else in the lane. */
export function stopText(stop: PitStop): string {
  const duration = stop.stationary_duration_ms ?? stop.lane_duration_ms
  return duration == null ? '' : `${seconds(duration)} s`
}

/** One line for the driver's card: "L17 · 2.9 s", standing where that is known, else in the lane. */
export function lastStopText(stops: readonly PitStop[] | undefined): string {
  const stop = stops?.at(-1)
  if (!stop) return unknown
  return [`L${stop.lap_number ?? unknown}`, stopText(stop)].filter(Boolean).join(' · ')
}
