// Frames for tests, with made-up cars: no name here is a real driver's.
import type {
  ByNumber,
  CarSample,
  DeltaFrame,
  Driver,
  Penalty,
  PitStop,
  RaceControlMessage,
  SessionResult,
  SnapshotFrame,
  Stint,
  TimingRow,
} from '../protocol'

export function row(
  driver_number: number,
  position: number | null,
  more: Partial<TimingRow> = {},
): TimingRow {
  return {
    driver_number,
    position,
    gap_ms: null,
    gap_laps: null,
    interval_ms: null,
    interval_laps: null,
    lap_number: null,
    last_lap_time_ms: null,
    best_lap_time_ms: null,
    is_last_lap_personal_best: null,
    is_last_lap_overall_best: null,
    is_best_lap_overall: null,
    sector_times_ms: null,
    mini_sectors: null,
    tyre_compound: null,
    tyre_age_laps: null,
    stint_number: null,
    pit_stop_count: null,
    is_in_pit: false,
    is_pit_out: false,
    is_retired: false,
    is_stopped: false,
    is_knocked_out: false,
    ...more,
  }
}

export function driver(driver_number: number, more: Partial<Driver> = {}): Driver {
  return {
    driver_number,
    driver_code: null,
    given_name: null,
    family_name: null,
    full_name: null,
    team_name: null,
    team_colour: null,
    line: null,
    ...more,
  }
}

export function car(session_time_ms: number, more: Partial<CarSample> = {}): CarSample {
  return {
    x_dm: null,
    y_dm: null,
    session_time_ms,
    is_estimated: false,
    status: null,
    speed_kmh: null,
    gear: null,
    throttle_pct: null,
    is_braking: null,
    drs: null,
    rpm: null,
    ...more,
  }
}

export function message(message_number: number, more: Partial<RaceControlMessage> = {}): RaceControlMessage {
  return {
    message_number,
    session_time_ms: 1000 * message_number,
    category: null,
    flag: null,
    scope: null,
    sector_number: null,
    driver_number: null,
    lap_number: null,
    message: `message ${message_number}`,
    ...more,
  }
}

export function result(
  driver_number: number,
  position: number,
  more: Partial<SessionResult> = {},
): SessionResult {
  return {
    driver_number,
    position,
    classified_position: String(position),
    grid_position: null,
    status: 'Finished',
    points: null,
    laps_completed: null,
    best_lap_time_ms: null,
    race_time_ms: null,
    penalty_ms: null,
    gap_ms: null,
    gap_laps: null,
    q1_ms: null,
    q2_ms: null,
    q3_ms: null,
    is_provisional: true,
    basis: null,
    ...more,
  }
}

export function penalty(penalty_number: number, more: Partial<Penalty> = {}): Penalty {
  return {
    penalty_number,
    driver_number: null,
    kind: null,
    seconds: null,
    state: 'noted',
    reason: null,
    noted_message_number: null,
    investigated_message_number: null,
    imposed_message_number: null,
    served_message_number: null,
    rescinded_message_number: null,
    ...more,
  }
}

export function pitStop(stop_number: number, more: Partial<PitStop> = {}): PitStop {
  return {
    stop_number,
    lap_number: null,
    pit_in_time_ms: null,
    pit_out_time_ms: null,
    lane_duration_ms: null,
    stationary_duration_ms: null,
    source: 'timing',
    compound_before: null,
    compound_after: null,
    ...more,
  }
}

export function stint(stint_number: number, more: Partial<Stint> = {}): Stint {
  return {
    stint_number,
    tyre_compound: null,
    is_fresh_tyre: null,
    tyre_age_laps_at_start: null,
    first_lap_number: null,
    last_lap_number: null,
    lap_count: null,
    ...more,
  }
}

export function byNumber<T extends { driver_number: number }>(...items: T[]): ByNumber<T> {
  return Object.fromEntries(items.map((item) => [item.driver_number, item]))
}

export function snapshot(more: Partial<SnapshotFrame> = {}): SnapshotFrame {
  return {
    type: 'snapshot',
    stream: 'a',
    number: 1,
    cursor_ms: 60_000,
    player: { mode: 'replay', is_playing: true, speed: 1, is_at_edge: true, edge_ms: 60_000, delay_ms: 0 },
    session: {
      session_key: 7,
      meeting_name: 'Test Grand Prix',
      session_name: 'Race',
      session_kind: 'race',
      circuit_short_name: 'Testville',
      country_code: 'TST',
      start_date: '2030-01-01T12:00:00.000Z',
      gmt_offset_s: -21600,
      zero_date: '2030-01-01T11:00:00.000Z',
      source_kind: 'archive',
    },
    session_status: 'Started',
    session_part: null,
    track_status: { status: '1', message: 'AllClear', session_time_ms: 0 },
    clock: null,
    lap_count: null,
    weather: null,
    drivers: {},
    rows: {},
    cars: {},
    results: {},
    stints: {},
    pit_stops: {},
    penalties: {},
    battle: null,
    race_control: [],
    team_radio: [],
    timeline: { from_ms: 0, to_ms: 600_000, bands: [], ticks: [], parts: [] },
    outline: null,
    ...more,
  }
}

export function delta(number: number, more: Partial<DeltaFrame> = {}): DeltaFrame {
  return { type: 'delta', stream: 'a', number, cursor_ms: 60_000 + 100 * number, ...more }
}
