// The last minute of every car's samples, for the map (interpolation) and for the trace of the selected car.

import type { PlacedSample } from './map/interpolate'
import type { LapPath } from './map/lap_path'
import type { ByNumber, CarSample } from './protocol'

export interface StoredSample extends PlacedSample {
  sample: CarSample
}

export const history_ms = 66_000
const reach_dm = 400

export class CarSamples {
  private cars = new Map<number, StoredSample[]>()
  private telemetry = new Map<number, CarSample[]>()
  private path: LapPath | null = null
  newest_ms: number | null = null
  has_positions = false

  clear(): void {
    this.cars.clear()
    this.telemetry.clear()
    this.newest_ms = null
    this.has_positions = false
  }

  setPath(path: LapPath | null): void {
    this.path = path
    for (const samples of this.cars.values())
      for (const stored of samples) stored.on_path = this.place(stored.x_dm, stored.y_dm)
  }

  private place(x_dm: number, y_dm: number) {
    return this.path?.project(x_dm, y_dm, reach_dm) ?? null
  }

  add(cars: ByNumber<CarSample>): void {
    for (const [key, sample] of Object.entries(cars)) {
      const number = Number(key)
      this.newest_ms = Math.max(this.newest_ms ?? sample.session_time_ms, sample.session_time_ms)
      this.keep(this.telemetry, number, sample)
      if (sample.x_dm == null || sample.y_dm == null) continue
      this.has_positions = true
      const on_path = this.place(sample.x_dm, sample.y_dm)
      const { x_dm, y_dm, session_time_ms } = sample
      this.keep(this.cars, number, { session_time_ms, x_dm, y_dm, on_path, sample })
    }
  }

  private keep<T extends { session_time_ms: number }>(into: Map<number, T[]>, number: number, item: T): void {
    let list = into.get(number)
    if (!list) {
      list = []
      into.set(number, list)
    }
    const last = list[list.length - 1]
    if (last && item.session_time_ms <= last.session_time_ms) return
    list.push(item)
    const oldest = item.session_time_ms - history_ms
    if ((list[0] as T).session_time_ms < oldest - 5000)
      list.splice(
        0,
        list.findIndex((kept) => kept.session_time_ms >= oldest),
      )
  }

  positionsOf(number: number): readonly StoredSample[] {
    return this.cars.get(number) ?? []
  }

  telemetryOf(number: number): readonly CarSample[] {
    return this.telemetry.get(number) ?? []
  }

  carNumbers(): number[] {
    return [...this.cars.keys()]
  }
}
