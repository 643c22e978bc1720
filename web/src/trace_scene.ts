// The shown car's last minute on a canvas: speed as a line, throttle below it as an area, braking as blocks.
import type { Live } from './live'
import type { CarSample } from './protocol'

const span_ms = 60_000
const left = 40
const right = 12
const top = 14
const pedals_height = 34
const gap_ms_max = 6000

interface Frame {
  width: number
  height: number
  time: number
  speed_max: number
}

const xOf = (frame: Frame, ms: number) =>
  left + (1 - (frame.time - ms) / span_ms) * Math.max(1, frame.width - left - right)

const speedBottom = (frame: Frame) => frame.height - pedals_height - 30

const yOf = (frame: Frame, kmh: number) =>
  top + (1 - kmh / frame.speed_max) * Math.max(1, speedBottom(frame) - top)

function drawGrid(context: CanvasRenderingContext2D, frame: Frame): void {
  context.font = '500 11px Inter, system-ui, sans-serif'
  context.fillStyle = '#9ba7b4'
  context.strokeStyle = '#222a34'
  context.lineWidth = 1
  context.textBaseline = 'middle'
  for (let kmh = 0; kmh <= frame.speed_max; kmh += 100) {
    const y = Math.round(yOf(frame, kmh)) + 0.5
    context.beginPath()
    context.moveTo(left, y)
    context.lineTo(frame.width - right, y)
    context.stroke()
    context.textAlign = 'right'
    context.fillText(String(kmh), left - 8, y)
  }
  context.textBaseline = 'alphabetic'
  const base = frame.height - 8
  for (let seconds = 60; seconds >= 0; seconds -= 15) {
    const x = xOf(frame, frame.time - seconds * 1000)
    context.textAlign = seconds === 60 ? 'left' : seconds === 0 ? 'right' : 'center'
    context.fillText(seconds === 0 ? 'now' : `−${seconds} s`, x, base)
  }
}

/** Runs of samples without a hole between them. */
export function runsOf(samples: readonly CarSample[], from_ms: number, to_ms: number): CarSample[][] {
  const runs: CarSample[][] = []
  let last: CarSample | null = null
  for (const sample of samples) {
    if (sample.session_time_ms < from_ms || sample.session_time_ms > to_ms) continue
    const isNew = !last || sample.session_time_ms - last.session_time_ms > gap_ms_max
    if (isNew) runs.push([])
    runs[runs.length - 1]?.push(sample)
    last = sample
  }
  return runs
}

function drawPedals(context: CanvasRenderingContext2D, frame: Frame, run: readonly CarSample[]): void {
  const bottom = frame.height - 24
  const throttleTop = bottom - pedals_height + 8
  context.fillStyle = 'rgb(88 166 255 / 38%)'
  context.beginPath()
  context.moveTo(xOf(frame, run[0]?.session_time_ms ?? 0), bottom)
  for (const { session_time_ms, throttle_pct } of run)
    context.lineTo(xOf(frame, session_time_ms), bottom - ((throttle_pct ?? 0) / 100) * (bottom - throttleTop))
  context.lineTo(xOf(frame, run[run.length - 1]?.session_time_ms ?? 0), bottom)
  context.fill()
  context.fillStyle = '#e6edf3'
  run.forEach((sample, index) => {
    const next = run[index + 1]
    if (!sample.is_braking || !next) return
    const x = xOf(frame, sample.session_time_ms)
    context.fillRect(x, throttleTop - 7, Math.max(1, xOf(frame, next.session_time_ms) - x), 4)
  })
}

function drawSpeed(context: CanvasRenderingContext2D, frame: Frame, run: readonly CarSample[]): void {
  const known = run.filter((sample) => sample.speed_kmh != null)
  if (known.length === 0) return
  context.beginPath()
  for (const { session_time_ms, speed_kmh } of known)
    context.lineTo(xOf(frame, session_time_ms), yOf(frame, speed_kmh ?? 0))
  context.strokeStyle = '#e6edf3'
  context.lineWidth = 2
  context.lineJoin = 'round'
  context.stroke()
}

export class TraceScene {
  private width = 0
  private height = 0
  private ratio = 1
  private drawnKey = ''

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly live: Live,
  ) {}

  resize(width: number, height: number, ratio: number): void {
    this.width = width
    this.height = height
    this.ratio = ratio
    this.canvas.width = Math.max(1, Math.round(width * ratio))
    this.canvas.height = Math.max(1, Math.round(height * ratio))
    this.drawnKey = ''
  }

  paint(now_ms: number): void {
    const context = this.canvas.getContext('2d')
    const shown = this.live.shown.peek()
    const time = this.live.render_clock.cursor(now_ms)
    const key = `${Math.round(time)} ${shown} ${this.live.view.peek()?.stream}`
    if (!context || this.width === 0 || key === this.drawnKey || !Number.isFinite(time)) return
    this.drawnKey = key
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.clearRect(0, 0, this.width, this.height)
    const samples = shown == null ? [] : this.live.samples.telemetryOf(shown)
    const fastest = samples.reduce((most, { speed_kmh }) => Math.max(most, speed_kmh ?? 0), 0)
    const speed_max = Math.max(300, Math.ceil((fastest + 10) / 50) * 50)
    const frame = { width: this.width, height: this.height, time, speed_max }
    drawGrid(context, frame)
    for (const run of runsOf(samples, time - span_ms, time)) {
      drawPedals(context, frame, run)
      drawSpeed(context, frame, run)
    }
  }
}
