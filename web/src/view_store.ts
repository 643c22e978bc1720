// The fold of frames into the one view the page draws. Pure: a view is never changed, an entry or a section
// that did not change keeps its identity, so what hangs on it is not drawn again.
import type { ByNumber, DeltaFrame, Sections, ServerFrame, SnapshotFrame } from './protocol'

export interface View extends Sections {
  stream: string
  number: number
  cursor_ms: number
}

/** `missed`: a number is lacking, ask again. `ignored`: seen before, or nothing for the view. */
export type Outcome = 'snapshot' | 'delta' | 'waiting' | 'missed' | 'ignored'

export interface Applied {
  view: View | null
  outcome: Outcome
}

const mergedByNumber = ['drivers', 'rows', 'cars', 'results', 'stints', 'pit_stops', 'penalties'] as const
const appended = ['race_control', 'team_radio'] as const
const replaced = [
  'player',
  'session',
  'session_status',
  'session_part',
  'track_status',
  'clock',
  'lap_count',
  'weather',
  'timeline',
  'battle',
  'outline',
] as const

function fromSnapshot(frame: SnapshotFrame): View {
  const { type: _, ...view } = frame
  return {
    ...view,
    drivers: view.drivers ?? {},
    rows: view.rows ?? {},
    cars: view.cars ?? {},
    results: view.results ?? {},
    stints: view.stints ?? {},
    pit_stops: view.pit_stops ?? {},
    penalties: view.penalties ?? {},
    battle: view.battle ?? null,
    race_control: view.race_control ?? [],
    team_radio: view.team_radio ?? [],
  }
}

function withDelta(view: View, frame: DeltaFrame): View {
  const next: View = { ...view, number: frame.number, cursor_ms: frame.cursor_ms }
  const sections = next as unknown as Record<string, unknown>
  for (const name of mergedByNumber) {
    const changed = frame[name]
    if (changed) sections[name] = { ...(view[name] as ByNumber<unknown>), ...changed }
  }
  for (const name of appended) {
    const added = frame[name]
    if (added && added.length > 0) sections[name] = [...view[name], ...added]
  }
  for (const name of replaced) {
    // A section may become null again: its presence counts, not its value.
    if (frame[name] !== undefined) sections[name] = frame[name]
  }
  return next
}

export function applyFrame(view: View | null, frame: ServerFrame): Applied {
  switch (frame.type) {
    case 'snapshot':
      return { view: fromSnapshot(frame), outcome: 'snapshot' }
    case 'waiting':
      return { view: null, outcome: 'waiting' }
    case 'delta':
      if (!view || frame.stream !== view.stream) return { view, outcome: 'missed' }
      if (frame.number <= view.number) return { view, outcome: 'ignored' }
      if (frame.number !== view.number + 1) return { view, outcome: 'missed' }
      return { view: withDelta(view, frame), outcome: 'delta' }
    default:
      return { view, outcome: 'ignored' }
  }
}
