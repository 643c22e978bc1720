// From the viewer's hand to the server and back: seeks while dragging are sent now and then and always the
// last; the cursor stays where the viewer put it until the server's answer to that place has come.
import { type Signal, signal } from '@preact/signals'
import type { View } from './view_store'

/** Seeks while dragging are sent at most this often. */
const send_every_ms = 100
/** A snapshot this near to the place that was sought is the answer, not that to a seek before. */
const answer_off_ms_max = 2000
/** The cursor stays where the viewer put it no longer than this, if no answer comes. */
const answer_wait_ms_max = 5000

interface Hooks {
  now(): number
  after(ms: number, callback: () => void): () => void
}

export class Seeker {
  /** null: nothing is sought, or the answer has come. */
  readonly sought_ms: Signal<number | null> = signal(null)
  /** The newest moment is sought: by the time of the answer it has moved on. */
  private seeks_edge = false
  private sent_at = Number.NEGATIVE_INFINITY
  private is_due = false
  private cancelSend: () => void = () => {}
  private cancelWait: () => void = () => {}

  constructor(
    private readonly hooks: Hooks,
    private readonly send: (session_time_ms: number) => void,
  ) {}

  seek(session_time_ms: number, edge_ms: number): void {
    this.cancel()
    this.sought_ms.value = session_time_ms
    this.seeks_edge = session_time_ms >= edge_ms
    this.cancelWait = this.hooks.after(answer_wait_ms_max, () => this.end())
    const send = () => {
      this.is_due = false
      this.sent_at = this.hooks.now()
      this.send(session_time_ms)
    }
    const wait = this.sent_at + send_every_ms - this.hooks.now()
    this.is_due = wait > 0
    if (this.is_due) this.cancelSend = this.hooks.after(wait, send)
    else send()
  }

  /** Answers to the seeks of a drag come one behind the other: only that to the last one ends it. */
  onSnapshot({ cursor_ms, player }: View): void {
    const sought_ms = this.sought_ms.peek()
    if (sought_ms == null || this.is_due) return
    const isNear = Math.abs(cursor_ms - sought_ms) <= answer_off_ms_max
    if (isNear || (this.seeks_edge && player.is_at_edge)) this.end()
  }

  end(): void {
    this.cancel()
    this.sought_ms.value = null
  }

  private cancel(): void {
    this.cancelSend()
    this.cancelWait()
    this.is_due = false
  }
}
