// The map on its canvas: keeps the fit and the cached track, and paints the cars of the moment.
import { teamColour } from '../colour'
import { currentFlag, type FlagLook } from '../flags'
import type { Live } from '../live'
import type { Outline, Point } from '../protocol'
import { carLabel, isOnTrack, secondCars } from '../tower_order'
import { type Corner, type CornerBox, cornerBox, emptiestCorner } from './corner'
import { type CarMark, drawCars, drawLabels, drawTrack, drawTrail, labelFont } from './draw'
import { type Fit, fitPoints, toScreen } from './fit'
import { placeAt } from './interpolate'
import { type PlacedLabel, placeLabels } from './labels'

const trailPoints_max = 4000
/** Room kept for the circuit's name and length in its corner. */
const nameSize: Point = [128, 50]
const labelHeight = 15
const labelPadding = 4
/** Labels glide to a new place instead of jumping: share of the way a frame. */
const glide = 0.22

interface Glide {
  dx: number
  dy: number
}

export class MapScene {
  private width = 0
  private height = 0
  private ratio = 1
  private fit: Fit | null = null
  private fitted: Outline | null = null
  private staticLook: FlagLook | null = null
  private readonly layer = document.createElement('canvas')
  private trail: Point[] = []
  private trailFitAt = 0
  private slots = new Map<number, number>()
  private glides = new Map<number, Glide>()
  private widths = new Map<string, number>()
  private drawnKey = ''
  private nameBox: CornerBox | null = null

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly live: Live,
    private readonly onCorner: (corner: Corner) => void,
  ) {}

  resize(width: number, height: number, ratio: number): void {
    this.width = width
    this.height = height
    this.ratio = ratio
    for (const canvas of [this.canvas, this.layer]) {
      canvas.width = Math.max(1, Math.round(width * ratio))
      canvas.height = Math.max(1, Math.round(height * ratio))
    }
    this.fit = null
    this.staticLook = null
    this.trailFitAt = 0
    this.drawnKey = ''
  }

  private box() {
    return { width: this.width, height: this.height, padding: this.height < 300 ? 26 : 44 }
  }

  /** True if there is something to place cars with. */
  private prepare(): boolean {
    const outline = this.live.outline.peek()
    if (outline && outline !== this.fitted) {
      this.fitted = outline
      this.trail = []
      this.fit = null
      this.staticLook = null
    }
    if (!outline && this.fitted) {
      this.fitted = null
      this.fit = null
    }
    if (outline && !this.fit) this.fitOutline(outline)
    if (!outline) this.followTrail()
    return this.fit != null
  }

  private fitOutline(outline: Outline): void {
    const fit = fitPoints(outline.points_dm, this.box())
    this.fit = fit
    if (!fit) return
    const points = outline.points_dm.map(([x, y]) => toScreen(fit, x, y))
    const corner = emptiestCorner(points, this.width, this.height, nameSize)
    this.nameBox = cornerBox(corner, this.width, this.height, nameSize)
    this.onCorner(corner)
  }

  /** Without an outline: the points seen so far, fitted again as they spread. */
  private followTrail(): void {
    for (const number of this.live.samples.carNumbers()) {
      const samples = this.live.samples.positionsOf(number)
      const last = samples[samples.length - 1]
      if (last && this.trail.length < trailPoints_max) this.trail.push([last.x_dm, last.y_dm])
    }
    if (this.trail.length < 2 || this.trail.length < this.trailFitAt * 1.2) return
    this.trailFitAt = this.trail.length
    this.fit = fitPoints(this.trail, this.box())
  }

  private paintLayer(): void {
    const outline = this.fitted
    const look = currentFlag(this.live.track_status.peek(), this.live.session_status.peek()).look
    if (!outline || !this.fit || look === this.staticLook) return
    this.staticLook = look
    const context = this.layer.getContext('2d')
    if (!context) return
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.clearRect(0, 0, this.width, this.height)
    drawTrack(context, outline, this.fit, look)
  }

  /** The cars at a session time, the shown one last so that it lies on top. */
  marksAt(time: number): CarMark[] {
    const { samples, path } = this.live
    const fit = this.fit
    if (!fit) return []
    const drivers = this.live.drivers.peek()
    const rows = this.live.rows.peek()
    const shown = this.live.shown.peek()
    const seconds = secondCars(drivers)
    const marks: CarMark[] = []
    for (const driver_number of samples.carNumbers()) {
      const positions = samples.positionsOf(driver_number)
      const placed = placeAt(positions, time, path)
      if (!placed) continue
      const [x, y] = toScreen(fit, placed.x_dm, placed.y_dm)
      const row = rows[driver_number]
      marks.push({
        driver_number,
        x,
        y,
        colour: teamColour(drivers[driver_number]?.team_colour),
        label: carLabel(driver_number, drivers),
        isSecond: seconds.has(driver_number),
        isShown: driver_number === shown,
        isStale: placed.is_stale || positions.at(-1)?.sample.is_estimated === true,
        isAside: row != null && !isOnTrack(row),
      })
    }
    const weight = (mark: CarMark) => (mark.isShown ? 2 : mark.isAside ? 0 : 1)
    return marks.sort((a, b) => weight(a) - weight(b) || a.driver_number - b.driver_number)
  }

  private labelWidth(context: CanvasRenderingContext2D, text: string): number {
    let width = this.widths.get(text)
    if (width == null) {
      context.font = labelFont
      width = context.measureText(text).width + 2 * labelPadding
      this.widths.set(text, width)
    }
    return width
  }

  private placedLabels(context: CanvasRenderingContext2D, marks: readonly CarMark[]) {
    const rows = this.live.rows.peek()
    const rank = (mark: CarMark) => (mark.isShown ? 0 : (rows[mark.driver_number]?.position ?? 99))
    const labelled = marks.filter((mark) => mark.isShown || !mark.isAside).sort((a, b) => rank(a) - rank(b))
    const requests = labelled.map((mark) => ({
      key: mark.driver_number,
      x: mark.x,
      y: mark.y,
      width: this.labelWidth(context, mark.label),
      height: labelHeight,
    }))
    const placed = placeLabels(requests, this.slots, this.box(), this.nameBox)
    this.slots = new Map(placed.map((label) => [label.key, label.slot]))
    return labelled.map((car, index) => {
      const label = placed[index] as PlacedLabel
      const { x, y } = this.glideTo(car, label)
      const width = requests[index]?.width ?? 0
      return { text: car.label, x, y, width, height: labelHeight, car, has_leader: label.has_leader }
    })
  }

  private glideTo(car: CarMark, label: PlacedLabel): Point2 {
    const wanted = { dx: label.x - car.x, dy: label.y - car.y }
    const at = this.glides.get(car.driver_number) ?? wanted
    at.dx += glide * (wanted.dx - at.dx)
    at.dy += glide * (wanted.dy - at.dy)
    this.glides.set(car.driver_number, at)
    return { x: car.x + at.dx, y: car.y + at.dy }
  }

  /** Nothing moves while the viewer pauses: the same picture is not painted twice. */
  private isSame(time: number): boolean {
    const { view, shown } = this.live
    const key = `${Math.round(time)} ${view.peek()?.number} ${view.peek()?.stream} ${shown.peek()}`
    const same = key === this.drawnKey
    this.drawnKey = key
    return same
  }

  paint(now_ms: number): void {
    const context = this.canvas.getContext('2d')
    if (!context || this.width === 0) return
    const time = this.live.render_clock.drawnTime(now_ms)
    if (this.isSame(time)) return
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.clearRect(0, 0, this.width, this.height)
    if (!this.prepare() || !this.fit) return
    this.paintLayer()
    if (this.fitted) context.drawImage(this.layer, 0, 0, this.width, this.height)
    else drawTrail(context, this.trail, this.fit)
    const marks = this.marksAt(time)
    drawCars(context, marks)
    drawLabels(context, this.placedLabels(context, marks))
  }
}

interface Point2 {
  x: number
  y: number
}
