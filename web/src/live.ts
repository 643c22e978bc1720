// The page's state: the view as signals, the samples for the canvases, and what the viewer can do. One
// object, made with its border to the outside handed in, so that tests drive it without a network.
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { CarSamples } from './car_samples'
import { Connection, type ConnectionHooks, type ConnectionState } from './connection'
import { isOver } from './flags'
import type { LapChoice, LapTelemetry } from './lap_compare'
import { LapPath } from './map/lap_path'
import { miniShape } from './mini_shape'
import type { BrowserMessage, Outline, ServerFrame } from './protocol'
import { type Badge, isClassified, penaltyBadges } from './race_story'
import { RenderClock } from './render_clock'
import { Seeker } from './seeker'
import { StatusWatch } from './status_watch'
import { automaticDriver, orderRows } from './tower_order'
import type { UrlState } from './url_state'
import { applyFrame, type View } from './view_store'

export interface Outside extends Omit<ConnectionHooks, 'hello' | 'expectsFrames' | 'onFrame' | 'onState'> {
  /** What the server answers to a path, read as JSON; null if it has no answer. */
  getJson(path: string): Promise<unknown>
}

export class Live {
  readonly view: Signal<View | null> = signal(null)
  readonly connection: Signal<ConnectionState> = signal({ kind: 'connecting' })
  /** Of the server, while there is no view. */
  readonly is_catching_up: Signal<boolean> = signal(false)
  /** The viewer's own choice; null: the page chooses. */
  readonly chosen: Signal<number | null>
  readonly shown: ReadonlySignal<number | null>
  /** Of the chosen car, on a phone; closed, the car stays chosen. */
  readonly is_sheet_open: Signal<boolean>
  /** The panel below the map: the last minute, or a lap over another car's. */
  readonly trace_view: Signal<'minute' | 'laps'>
  /** The tab of the car's panel or sheet as the viewer chose it; null: laps while they are compared. */
  readonly car_tab: Signal<'driver' | 'trace' | null> = signal(null)
  readonly car_view = computed((): 'driver' | 'minute' | 'laps' => {
    const trace = this.trace_view.value
    const tab = this.car_tab.value ?? (trace === 'laps' ? 'trace' : 'driver')
    return tab === 'driver' ? 'driver' : trace
  })
  readonly compared_lap: Signal<LapChoice>
  /** null: the page chooses. */
  readonly compared_driver: Signal<number | null>
  /** The other car's lap; null: the same as the shown car's. */
  readonly versus_lap: Signal<LapChoice | null>
  readonly ordered = computed(() => orderRows(this.rows.value, this.drivers.value))
  readonly cursor_ms = computed(() => this.seeker.sought_ms.value ?? this.view.value?.cursor_ms ?? null)

  readonly stream = computed(() => this.view.value?.stream)
  readonly player = computed(() => this.view.value?.player ?? null)
  readonly session = computed(() => this.view.value?.session ?? null)
  readonly session_status = computed(() => this.view.value?.session_status ?? null)
  readonly session_part = computed(() => this.view.value?.session_part ?? null)
  readonly track_status = computed(() => this.view.value?.track_status ?? null)
  readonly clock = computed(() => this.view.value?.clock ?? null)
  readonly lap_count = computed(() => this.view.value?.lap_count ?? null)
  readonly weather = computed(() => this.view.value?.weather ?? null)
  readonly drivers = computed((): View['drivers'] => this.view.value?.drivers ?? none)
  readonly rows = computed((): View['rows'] => this.view.value?.rows ?? none)
  readonly cars = computed((): View['cars'] => this.view.value?.cars ?? none)
  readonly race_control = computed(() => this.view.value?.race_control ?? noMessages)
  readonly results = computed((): View['results'] => this.view.value?.results ?? none)
  readonly stints = computed((): View['stints'] => this.view.value?.stints ?? none)
  readonly pit_stops = computed((): View['pit_stops'] => this.view.value?.pit_stops ?? none)
  readonly penalties = computed((): View['penalties'] => this.view.value?.penalties ?? none)
  readonly battle = computed(() => this.view.value?.battle ?? null)
  readonly timeline = computed(() => this.view.value?.timeline ?? null)
  /** Grows while the page is open; a circuit keeps its mini-sectors. */
  readonly mini_shape = computed(() => {
    this.shape = miniShape(this.shape, this.rows.value)
    return this.shape
  })
  readonly outline = computed(() => this.view.value?.outline ?? null)
  readonly is_over = computed(() => isOver(this.session_status.value))

  readonly is_classified = computed(() => {
    const status = this.session_status.value
    const session = { status, kind: this.session.value?.session_kind, part: this.session_part.value }
    return isClassified(session, this.results.value, this.rows.value)
  })
  /** What cars have still to serve; nothing once the race is over: then it is in their times. */
  readonly badges = computed(() => (this.is_over.value ? noBadges : penaltyBadges(this.penalties.value)))

  readonly samples = new CarSamples()
  readonly render_clock = new RenderClock()
  path: LapPath | null = null

  readonly status: StatusWatch
  private readonly link: Connection
  private automatic: number | null = null
  private shape: readonly number[] = []
  private wanted_session: number | null
  private restore_ms: number | null
  private readonly seeker: Seeker

  constructor(
    private readonly outside: Outside,
    start: UrlState,
  ) {
    this.chosen = signal(start.driver_number)
    this.trace_view = signal(start.lap == null ? 'minute' : 'laps')
    this.compared_lap = signal(start.lap ?? 'best')
    this.compared_driver = signal(start.versus)
    this.versus_lap = signal(start.versus_lap)
    this.is_sheet_open = signal(start.driver_number != null)
    this.wanted_session = start.session_key
    this.restore_ms = start.session_time_ms
    this.shown = computed(() => {
      const chosen = this.chosen.value
      if (chosen != null && this.rows.value[chosen]) return chosen
      this.automatic = automaticDriver(this.automatic, this.ordered.value)
      return this.automatic
    })
    this.status = new StatusWatch(outside)
    this.seeker = new Seeker(outside, (session_time_ms) => this.send({ type: 'seek', session_time_ms }))
    this.link = new Connection({
      ...outside,
      hello: () => this.hello(),
      expectsFrames: () => this.expectsFrames(),
      onFrame: (frame, isFirst) => this.onFrame(frame, isFirst),
      onState: (state) => this.onState(state),
    })
  }

  start(): void {
    this.status.start()
    this.link.start()
  }

  stop(): void {
    this.seeker.end()
    this.status.stop()
    this.link.stop()
  }

  private hello() {
    const view = this.view.value
    return {
      ...(this.wanted_session != null && { session_key: this.wanted_session }),
      ...(view && { resume: { stream: view.stream, number: view.number } }),
    }
  }

  private expectsFrames(): boolean {
    const view = this.view.value
    if (!view?.player.is_playing) return false
    const end_ms = view.player.mode === 'live' ? null : view.timeline?.to_ms
    return end_ms == null || view.cursor_ms < end_ms
  }

  private onState(state: ConnectionState): void {
    if (this.connection.value.kind === 'connected' && state.kind === 'connected') return
    const view = this.view.value
    // A viewer who had gone back in time goes back there if the server cannot resume.
    if (state.kind === 'reconnecting' && view && !view.player.is_at_edge) this.restore_ms ??= view.cursor_ms
    this.connection.value = state
  }

  private onFrame(frame: ServerFrame, isFirst: boolean): void {
    // It may be another server than the one that was asked.
    if (isFirst) this.status.start()
    const before = this.view.value
    const { view, outcome } = applyFrame(before, frame)
    if (outcome === 'missed') this.link.sayHello()
    if (outcome === 'missed' || outcome === 'ignored') return
    if (outcome === 'snapshot') {
      this.samples.clear()
      this.render_clock.reset()
    }
    const isOther = view?.session.session_key !== before?.session.session_key
    batch(() => {
      if (isOther) {
        this.shape = []
        this.seeker.end()
      }
      if (view && view.outline !== before?.outline) this.setOutline(view.outline)
      if (view && frame.type !== 'waiting' && frame.type !== 'error') this.feedClock(view, frame.cars)
      this.view.value = view
      this.is_catching_up.value = frame.type === 'waiting' && frame.is_catching_up
      if (view && outcome === 'snapshot') this.seeker.onSnapshot(view)
    })
    if (isFirst || outcome === 'snapshot') this.restore(outcome === 'snapshot')
  }

  private feedClock(view: View, cars: View['cars'] | undefined): void {
    const { is_playing, speed } = view.player
    const newest_sample_ms = this.samples.newest_ms
    if (cars) this.samples.add(cars)
    const frame = { cursor_ms: view.cursor_ms, is_playing, speed, newest_sample_ms }
    this.render_clock.onFrame(frame, this.outside.now())
  }

  private setOutline(outline: Outline | null): void {
    this.path = outline && outline.points_dm.length > 2 ? new LapPath(outline.points_dm) : null
    this.samples.setPath(this.path)
  }

  private restore(isSnapshot: boolean): void {
    const wanted = this.restore_ms
    if (wanted == null || !this.view.value) return
    this.restore_ms = null
    if (isSnapshot) this.send({ type: 'seek', session_time_ms: wanted })
  }

  private send(message: BrowserMessage): void {
    this.link.send(message)
  }

  /** Clamped to what is on the log. */
  seek(session_time_ms: number): void {
    const view = this.view.value
    if (!view) return
    const from_ms = view.timeline?.from_ms ?? 0
    const { edge_ms } = view.player
    this.seeker.seek(Math.round(Math.min(edge_ms, Math.max(from_ms, session_time_ms))), edge_ms)
  }

  seekBy(step_ms: number): void {
    const cursor = this.cursor_ms.value
    if (cursor != null) this.seek(cursor + step_ms)
  }

  togglePlaying(): void {
    this.send({ type: this.player.value?.is_playing ? 'pause' : 'play' })
  }

  setSpeed(speed: number): void {
    this.send({ type: 'speed', speed })
  }

  goLive(): void {
    this.seeker.end()
    this.send({ type: 'live' })
  }

  /** The same driver again hands the choice back to the page, or opens its sheet if that was closed. */
  choose(driver_number: number): void {
    const isSame = this.chosen.value === driver_number
    if (isSame && this.is_sheet_open.value) this.unchoose()
    else
      batch(() => {
        this.chosen.value = driver_number
        this.is_sheet_open.value = true
      })
  }

  unchoose(): void {
    batch(() => {
      this.chosen.value = null
      this.is_sheet_open.value = false
    })
  }

  /** Of the panel below the map; the car's panel, where there is no room for both, follows. */
  showTrace(view: 'minute' | 'laps'): void {
    batch(() => {
      this.trace_view.value = view
      this.car_tab.value = null
    })
  }

  /** A tab of the car's panel or sheet. */
  showCar(view: 'driver' | 'minute' | 'laps'): void {
    batch(() => {
      this.car_tab.value = view === 'driver' ? 'driver' : 'trace'
      if (view !== 'driver') this.trace_view.value = view
    })
  }

  /** A lap as it is known at the cursor; null if there is none. */
  async fetchLap(session_key: string, driver: string, lap: string): Promise<LapTelemetry | null> {
    const until = this.cursor_ms.peek()
    const query = new URLSearchParams({ session: session_key, driver, lap })
    if (until != null) query.set('until', String(Math.round(until)))
    return (await this.outside.getJson(`/api/lap-telemetry?${query}`)) as LapTelemetry | null
  }

  after(ms: number, callback: () => void): () => void {
    return this.outside.after(ms, callback)
  }

  urlState(): UrlState {
    const player = this.player.value
    const isComparing = this.trace_view.value === 'laps'
    return {
      session_key: this.session.value?.session_key ?? this.wanted_session,
      session_time_ms: player && !player.is_at_edge ? this.cursor_ms.value : null,
      driver_number: this.chosen.value,
      lap: isComparing ? this.compared_lap.value : null,
      versus: isComparing ? this.compared_driver.value : null,
      versus_lap: isComparing ? this.versus_lap.value : null,
    }
  }
}

const none = {}
const noBadges: ReadonlyMap<number, Badge> = new Map()
const noMessages: View['race_control'] = []
