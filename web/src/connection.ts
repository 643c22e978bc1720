// The WebSocket to the server and the truth about it. The state says "connected" only after a frame has come
// over the present socket; a socket that looks open while nothing comes is checked against /api/health.
import type { BrowserMessage, Resume, ServerFrame } from './protocol'

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  | { kind: 'silent'; since_ms: number }
  | { kind: 'reconnecting'; since_ms: number; attempt: number }

export interface Socket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
  send(text: string): void
  close(): void
}

export interface ConnectionHooks {
  open(): Socket
  now(): number
  /** Calls back once; returns what cancels it. */
  after(ms: number, callback: () => void): () => void
  isServerUp(): Promise<boolean>
  hello(): { session_key?: number; resume?: Resume }
  expectsFrames(): boolean
  onFrame(frame: ServerFrame, isFirst: boolean): void
  onState(state: ConnectionState): void
}

export const backoff_ms = [300, 700, 1500, 3000, 5000]
export const silence_ms = 5000
const answer_ms_max = 8000

export class Connection {
  private socket: Socket | null = null
  private attempt = 0
  private lost_at: number | null = null
  private last_frame_at = 0
  private hasFrame = false
  private isProbing = false
  private isClosed = false
  private cancelTimer: () => void = () => {}
  private cancelWatch: () => void = () => {}

  constructor(private readonly hooks: ConnectionHooks) {}

  start(): void {
    this.hooks.onState({ kind: 'connecting' })
    this.openSocket()
    this.watch()
  }

  stop(): void {
    this.isClosed = true
    this.cancelTimer()
    this.cancelWatch()
    this.dropSocket()
  }

  /** False if there is nobody to hear it. */
  send(message: BrowserMessage): boolean {
    if (!this.socket || !this.hasFrame) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  /** A number is lacking: the server goes on behind the one we have, or sends a snapshot. */
  sayHello(): void {
    this.socket?.send(JSON.stringify({ type: 'hello', ...this.hooks.hello() }))
  }

  private openSocket(): void {
    let socket: Socket
    try {
      socket = this.hooks.open()
    } catch {
      this.onLost()
      return
    }
    this.socket = socket
    this.hasFrame = false
    socket.onopen = () => this.sayHello()
    socket.onmessage = (event) => this.onText(event.data)
    socket.onclose = () => this.onLost()
    socket.onerror = () => {}
    // An address that swallows packets must not hold the page in "connecting" for minutes.
    this.cancelTimer()
    this.cancelTimer = this.hooks.after(answer_ms_max, () => {
      if (!this.hasFrame) this.onLost()
    })
  }

  private dropSocket(): void {
    const socket = this.socket
    this.socket = null
    this.hasFrame = false
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
    socket.close()
  }

  private onText(data: unknown): void {
    let frame: ServerFrame
    try {
      frame = JSON.parse(String(data)) as ServerFrame
    } catch {
      return
    }
    const isFirst = !this.hasFrame
    this.hasFrame = true
    this.attempt = 0
    this.lost_at = null
    this.last_frame_at = this.hooks.now()
    this.cancelTimer()
    this.hooks.onState({ kind: 'connected' })
    this.hooks.onFrame(frame, isFirst)
  }

  private onLost(): void {
    this.cancelTimer()
    this.dropSocket()
    if (this.isClosed) return
    this.lost_at ??= this.hooks.now()
    const wait = backoff_ms[Math.min(this.attempt, backoff_ms.length - 1)] as number
    this.attempt += 1
    this.hooks.onState({ kind: 'reconnecting', since_ms: this.lost_at, attempt: this.attempt })
    this.cancelTimer = this.hooks.after(wait, () => this.openSocket())
  }

  private watch(): void {
    this.cancelWatch = this.hooks.after(1000, () => {
      this.watch()
      const silent = this.hooks.now() - this.last_frame_at
      if (!this.hasFrame || !this.hooks.expectsFrames() || silent < silence_ms) return
      this.hooks.onState({ kind: 'silent', since_ms: this.last_frame_at })
      void this.probe()
    })
  }

  private async probe(): Promise<void> {
    if (this.isProbing) return
    this.isProbing = true
    const socket = this.socket
    const isUp = await this.hooks.isServerUp()
    this.isProbing = false
    if (!isUp && socket === this.socket && this.hasFrame) this.onLost()
  }
}
