// The moment that is drawn. Frames come in steps and samples come late, so the picture runs a little behind
// the cursor: as far as the samples need to be interpolated, no further, and it never jumps while it plays.

export interface ClockFrame {
  cursor_ms: number
  is_playing: boolean
  speed: number
  /** The newest sample the page had before this frame; null without any. */
  newest_sample_ms: number | null
}

const window_frames = 20
const delay_ms_min = 300
const stale_sample_ms = 6000
/** Without frames the cursor is carried on for this long. */
const carry_ms_max = 1500

export class RenderClock {
  private offset = 0
  private delay = delay_ms_min
  private speed = 1
  private is_playing = false
  private held_cursor = 0
  private last_frame_at = Number.NEGATIVE_INFINITY
  private last_asked_at = 0
  private needs: number[] = []
  private shown = Number.NEGATIVE_INFINITY

  /** After a snapshot: what was before says nothing about now. */
  reset(): void {
    this.needs = []
    this.last_frame_at = Number.NEGATIVE_INFINITY
    this.shown = Number.NEGATIVE_INFINITY
  }

  onFrame(frame: ClockFrame, now_ms: number): void {
    const offset = frame.cursor_ms - now_ms * frame.speed
    const isFresh = this.last_frame_at === Number.NEGATIVE_INFINITY
    const isOther = isFresh || frame.speed !== this.speed || frame.is_playing !== this.is_playing
    const jump = Math.abs(offset - this.offset) > 1000 * Math.max(1, frame.speed)
    if (isOther || jump) this.offset = offset
    else this.offset += 0.12 * (offset - this.offset)
    if (isFresh) this.delay = Math.max(delay_ms_min, 150 * frame.speed)
    const need = frame.newest_sample_ms == null ? null : frame.cursor_ms - frame.newest_sample_ms
    if (!isFresh && frame.is_playing && need != null && need >= 0 && need < stale_sample_ms * frame.speed) {
      this.needs.push(need)
      if (this.needs.length > window_frames) this.needs.shift()
    }
    this.speed = frame.speed
    this.is_playing = frame.is_playing
    this.held_cursor = frame.cursor_ms
    this.last_frame_at = now_ms
  }

  /** The viewer's cursor between frames. */
  cursor(now_ms: number): number {
    if (!this.is_playing) return this.held_cursor
    return Math.min(now_ms, this.last_frame_at + carry_ms_max) * this.speed + this.offset
  }

  /** The session time to draw at `now_ms`; asked once per animation frame. */
  drawnTime(now_ms: number): number {
    const elapsed = Math.min(100, Math.max(0, now_ms - this.last_asked_at))
    this.last_asked_at = now_ms
    const wanted = this.is_playing ? Math.max(delay_ms_min, ...this.needs) : 0
    // The picture runs at most a quarter faster or slower while the delay settles.
    const step = 0.25 * elapsed * Math.max(1, this.speed)
    this.delay += Math.min(step, Math.max(-step, wanted - this.delay))
    this.shown = Math.max(this.shown, this.cursor(now_ms) - this.delay)
    return this.shown
  }
}
