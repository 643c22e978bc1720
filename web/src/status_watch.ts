// What the server says of itself once a second, where it says anything: what goes through it, and which
// session comes next. A server that has neither is not asked again before the next connection.
import { type Signal, signal } from '@preact/signals'
import type { NextSession, Pipeline, Status } from './protocol'

export interface StatusHooks {
  getJson(path: string): Promise<unknown>
  /** Calls back once; returns what cancels it. */
  after(ms: number, callback: () => void): () => void
}

export const status_every_ms = 1000

export class StatusWatch {
  readonly pipeline: Signal<Pipeline | null> = signal(null)
  readonly next_session: Signal<NextSession | null> = signal(null)
  private cancel: () => void = () => {}
  private round = 0

  constructor(private readonly hooks: StatusHooks) {}

  /** Asks at once; what was known stays until the answer. */
  start(): void {
    this.stop()
    void this.ask(this.round)
  }

  stop(): void {
    this.round += 1
    this.cancel()
  }

  private async ask(round: number): Promise<void> {
    const status = (await this.hooks.getJson('/api/status')) as Status | null
    if (round !== this.round) return
    if (status) {
      this.pipeline.value = status.pipeline
      this.next_session.value = status.next_session
    }
    if (!status?.pipeline && !status?.next_session) return
    this.cancel = this.hooks.after(status_every_ms, () => void this.ask(round))
  }
}
