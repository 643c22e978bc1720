// The frames of /ws/live and what REST answers, with the names and units of docs/live-protocol.md.
// Unknown is null, never 0 and never a missing member.

export type PlayerMode = 'live' | 'replay' | 'archive'

export interface Player {
  mode: PlayerMode
  is_playing: boolean
  speed: number
  is_at_edge: boolean
  edge_ms: number
  delay_ms: number
}

export interface Session {
  session_key: number
  meeting_name: string | null
  session_name: string | null
  session_kind: string | null
  circuit_short_name: string | null
  country_code: string | null
  start_date: string | null
  gmt_offset_s: number | null
  zero_date: string | null
  source_kind: string | null
}

export interface TrackStatus {
  status: string | null
  message: string | null
  session_time_ms: number
}

export interface SessionClock {
  session_time_ms: number
  remaining_ms: number | null
  is_extrapolating: boolean
}

export interface LapCount {
  current_lap: number | null
  total_laps: number | null
}

export interface Weather {
  air_temperature_c: number | null
  track_temperature_c: number | null
  humidity_pct: number | null
  pressure_mbar: number | null
  is_raining: boolean | null
  wind_direction_deg: number | null
  wind_speed_mps: number | null
  session_time_ms: number
}

export interface Driver {
  driver_number: number
  driver_code: string | null
  given_name: string | null
  family_name: string | null
  full_name: string | null
  team_name: string | null
  team_colour: string | null
  line: number | null
}

export interface TimingRow {
  driver_number: number
  position: number | null
  gap_ms: number | null
  gap_laps: number | null
  interval_ms: number | null
  interval_laps: number | null
  lap_number: number | null
  last_lap_time_ms: number | null
  best_lap_time_ms: number | null
  is_last_lap_personal_best: boolean | null
  is_last_lap_overall_best: boolean | null
  is_best_lap_overall: boolean | null
  sector_times_ms: (number | null)[] | null
  mini_sectors: (number | null)[][] | null
  tyre_compound: string | null
  tyre_age_laps: number | null
  stint_number: number | null
  pit_stop_count: number | null
  is_in_pit: boolean | null
  is_pit_out: boolean | null
  is_retired: boolean | null
  is_stopped: boolean | null
  is_knocked_out: boolean | null
}

export interface CarSample {
  x_dm: number | null
  y_dm: number | null
  session_time_ms: number
  /** No car sent the place: it was reckoned from timing. */
  is_estimated: boolean
  status: string | null
  speed_kmh: number | null
  gear: number | null
  throttle_pct: number | null
  is_braking: boolean | null
  drs: number | null
  rpm: number | null
}

export interface RaceControlMessage {
  message_number: number
  session_time_ms: number
  category: string | null
  flag: string | null
  scope: string | null
  sector_number: number | null
  driver_number: number | null
  lap_number: number | null
  message: string | null
}

export interface TeamRadio {
  message_number: number
  session_time_ms: number
  driver_number: number
  path: string | null
}

export interface TimelineBand {
  from_ms: number
  to_ms: number
  status: string
}

export interface TimelineTick {
  session_time_ms: number
  kind: string
  label: string | null
}

export interface TimelinePart {
  part_number: number
  from_ms: number
  to_ms: number
}

export interface Timeline {
  from_ms: number
  to_ms: number
  bands: TimelineBand[]
  ticks: TimelineTick[]
  parts: TimelinePart[]
}

/** What a car is classified as, at the cursor; provisional until the stewards have signed. */
export interface SessionResult {
  driver_number: number
  position: number | null
  /** The place, or R retired, D disqualified, W did not start, N not classified. */
  classified_position: string | null
  /** 0: from the pit lane. */
  grid_position: number | null
  status: string | null
  points: number | null
  laps_completed: number | null
  best_lap_time_ms: number | null
  race_time_ms: number | null
  penalty_ms: number | null
  gap_ms: number | null
  gap_laps: number | null
  q1_ms: number | null
  q2_ms: number | null
  q3_ms: number | null
  is_provisional: boolean
  basis: string | null
}

export interface Stint {
  stint_number: number
  tyre_compound: string | null
  is_fresh_tyre: boolean | null
  tyre_age_laps_at_start: number | null
  first_lap_number: number | null
  last_lap_number: number | null
  lap_count: number | null
}

export interface PitStop {
  stop_number: number
  lap_number: number | null
  pit_in_time_ms: number | null
  pit_out_time_ms: number | null
  lane_duration_ms: number | null
  stationary_duration_ms: number | null
  source: string | null
  compound_before: string | null
  compound_after: string | null
}

export type PenaltyState = 'noted' | 'investigated' | 'imposed' | 'served' | 'rescinded'

export interface Penalty {
  penalty_number: number
  driver_number: number | null
  kind: string | null
  seconds: number | null
  state: PenaltyState
  reason: string | null
  noted_message_number: number | null
  investigated_message_number: number | null
  imposed_message_number: number | null
  served_message_number: number | null
  rescinded_message_number: number | null
}

/** Two cars within a second, the one behind nearer at each of the last lines. */
export interface Battle {
  behind_driver_number: number
  ahead_driver_number: number
  interval_ms: number
  line_gaps_ms: number[]
}

export type Point = [x_dm: number, y_dm: number]

export interface Outline {
  points_dm: Point[]
  start_dm: Point | null
  length_m: number | null
}

export type ByNumber<T> = Record<string, T>

/** Every section a snapshot carries; a delta carries those that changed. */
export interface Sections {
  player: Player
  session: Session
  session_status: string | null
  session_part: number | null
  track_status: TrackStatus | null
  clock: SessionClock | null
  lap_count: LapCount | null
  weather: Weather | null
  drivers: ByNumber<Driver>
  rows: ByNumber<TimingRow>
  cars: ByNumber<CarSample>
  race_control: RaceControlMessage[]
  team_radio: TeamRadio[]
  timeline: Timeline | null
  battle: Battle | null
  results: ByNumber<SessionResult>
  /** By driver number. */
  stints: ByNumber<Stint[]>
  pit_stops: ByNumber<PitStop[]>
  /** By penalty number. */
  penalties: ByNumber<Penalty>
  outline: Outline | null
}

interface Numbered {
  stream: string
  number: number
}

export interface SnapshotFrame extends Numbered, Sections {
  type: 'snapshot'
  cursor_ms: number
}

export interface DeltaFrame extends Numbered, Partial<Sections> {
  type: 'delta'
  cursor_ms: number
}

export interface WaitingFrame extends Numbered {
  type: 'waiting'
  /** There is something, and the server reads it first. */
  is_catching_up: boolean
}

export interface ErrorFrame {
  type: 'error'
  message: string
}

export type ServerFrame = SnapshotFrame | DeltaFrame | WaitingFrame | ErrorFrame

export interface Resume {
  stream: string
  number: number
}

export type BrowserMessage =
  | { type: 'hello'; session_key?: number; resume?: Resume }
  | { type: 'seek'; session_time_ms: number }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'speed'; speed: number }
  | { type: 'live' }

/** What goes through the server that publishes the session. */
export interface Pipeline {
  messages: number
  records: number
  /** null: there is no warehouse. */
  rows: number | null
  lag_ms: number | null
  /** null: what really happened is not known. */
  laps_checked: number | null
  lap_errors: number | null
}

/** By the schedule, which is a hint. */
export interface NextSession {
  meeting_name: string | null
  session_name: string | null
  start_date: string | null
  gmt_offset_s: number | null
  schedule_trouble: string | null
  is_feed_connected: boolean
}

/** Of /api/status; null is what the server does not have. */
export interface Status {
  pipeline: Pipeline | null
  next_session: NextSession | null
}

export interface SessionListEntry {
  session_key: number
  meeting_name: string | null
  session_name: string | null
  session_kind: string | null
  start_date: string | null
  source_kind: string | null
  mode: PlayerMode
}
