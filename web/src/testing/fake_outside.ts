// A server and a clock in the test's hand.
import type { Socket } from '../connection'
import type { Outside } from '../live'
import type { BrowserMessage, ServerFrame } from '../protocol'

class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly sent: BrowserMessage[] = []
  isClosed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text) as BrowserMessage)
  }

  close(): void {
    this.isClosed = true
  }
}

interface Timer {
  at: number
  callback: () => void
}

export class FakeOutside implements Outside {
  time = 0
  readonly sockets: FakeSocket[] = []
  isUp = true
  /** Answers by path, without the query's "until". */
  readonly answers = new Map<string, unknown>()
  getJson = async (path: string) => this.answers.get(path.replace(/&until=\d+/, '')) ?? null
  private timers: Timer[] = []

  open = (): Socket => {
    const socket = new FakeSocket()
    this.sockets.push(socket)
    return socket
  }

  now = () => this.time

  after = (ms: number, callback: () => void) => {
    const timer = { at: this.time + ms, callback }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  isServerUp = () => Promise.resolve(this.isUp)

  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1] as FakeSocket
  }

  get sent(): BrowserMessage[] {
    return this.socket.sent
  }

  connect(): void {
    this.socket.onopen?.()
  }

  receive(frame: ServerFrame): void {
    this.socket.onmessage?.({ data: JSON.stringify(frame) })
  }

  /** The server is gone. */
  drop(): void {
    this.socket.onclose?.()
  }

  advance(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.timers = this.timers.filter((other) => other !== due)
      this.time = due.at
      due.callback()
    }
    this.time = end
  }
}
