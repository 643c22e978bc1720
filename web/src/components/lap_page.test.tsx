// @vitest-environment jsdom
// Two laps over each other: which, what they read, by pointer, finger and keyboard; and the sheet of a phone.
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Live } from '../live'
import type { SnapshotFrame, TimingRow } from '../protocol'
import type { FakeOutside } from '../testing/fake_outside'
import { byNumber, delta, driver, row, snapshot } from '../testing/frames'
import { closePage, openPage } from '../testing/open_page'
import { isPhone } from './context'

let outside: FakeOutside
let live: Live
let root: HTMLElement

function open(search: string): void {
  ;({ outside, live, root } = openPage(search))
}

afterEach(() => closePage({ outside, live, root }))

const car = (number: number, more: Partial<TimingRow> = {}) =>
  row(number, number - 4, {
    best_lap_time_ms: 80_000 + 500 * (number - 5),
    last_lap_time_ms: 82_000,
    lap_number: 6,
    ...more,
  })

/** A lap of 4 km with a sample every two seconds, up to `until_ms`. */
function lap(driver_number: number, lap_number: number, lap_time_ms: number, until_ms = lap_time_ms) {
  const count = Math.floor(until_ms / 2000)
  const time_ms = Array.from({ length: count }, (_, index) => 2000 * index)
  const column = <T,>(value: T) => time_ms.map(() => value)
  return {
    driver_number,
    lap_number,
    lap_time_ms: until_ms < lap_time_ms ? null : lap_time_ms,
    is_under_way: until_ms < lap_time_ms,
    length_m: 4000,
    time_ms,
    distance_m: time_ms.map((ms) => (4000 * ms) / lap_time_ms),
    speed_kmh: column(200),
    throttle_pct: column(50),
    gear: column(7),
    is_braking: column(false),
  }
}

const answer = (driver: number, choice: string, found: unknown) =>
  outside.answers.set(`/api/lap-telemetry?session=7&driver=${driver}&lap=${choice}`, found)

const settle = () => act(() => new Promise<void>((done) => setTimeout(done)))

async function show(frame: Partial<SnapshotFrame> = {}): Promise<void> {
  act(() => {
    outside.connect()
    const drivers = byNumber(driver(5, { driver_code: 'QQQ' }), driver(6, { driver_code: 'SSS' }))
    outside.receive(snapshot({ rows: byNumber(car(5), car(6)), drivers, ...frame }))
  })
  await settle()
}

const text = (selector: string) => root.querySelector(selector)?.textContent ?? null
const lines = () => [...root.querySelectorAll('.lap-line')].map((each) => each.textContent)
const plot = () => root.querySelector('.lap-plot') as HTMLElement
const press = (label: string) =>
  act(() => {
    const buttons = [...root.querySelectorAll<HTMLButtonElement>('.choices button')]
    buttons.find((button) => button.textContent?.startsWith(label))?.click()
  })

async function select(label: string, value: string): Promise<void> {
  const element = root.querySelector(`select[aria-label="${label}"]`) as HTMLSelectElement
  act(() => {
    element.value = value
    element.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await settle()
}

function point(type: string, pointerType: string, share: number): void {
  vi.spyOn(plot(), 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 0, 200, 50))
  act(() => {
    plot().dispatchEvent(
      new PointerEvent(type, { pointerType, clientX: 100 + 200 * share, bubbles: type !== 'pointerleave' }),
    )
  })
}

describe('two laps', () => {
  it('opens on the best ones, with who is ahead at the line and a scale in tenths', async () => {
    open('?driver=5')
    answer(5, 'best', lap(5, 3, 80_000))
    answer(6, 'best', lap(6, 4, 80_500))
    await show()
    press('Laps')
    await settle()
    expect(lines()).toEqual(['L3 1:20.000', 'L4 1:20.500'])
    expect(text('.verdict')).toBe('At the lineQQQ 0.500 s ahead')
    expect(text('.scale-top')).toBe('+0.5')
    expect(text('.scale-bottom')).toBe('−0.5')
    expect([text('.who-top'), text('.who-bottom')]).toEqual(['SSS ahead', 'QQQ ahead'])
    expect(live.urlState()).toMatchObject({ lap: 'best', versus: null, versus_lap: null })
  })

  it('reads both by the arrows, which do not seek then', async () => {
    open('?driver=5&lap=best')
    answer(5, 'best', lap(5, 3, 80_000))
    answer(6, 'best', lap(6, 4, 80_500))
    await show()
    act(() => {
      const right = { key: 'ArrowRight', bubbles: true, cancelable: true }
      plot().dispatchEvent(new KeyboardEvent('keydown', right))
    })
    expect(plot().getAttribute('aria-valuenow')).toBe('20')
    expect(plot().getAttribute('aria-valuetext')).toBe('20 m, QQQ 0.003 s ahead')
    expect(lines()[0]).toContain('200 km/h50 %gear 7')
    expect(outside.sent.filter(({ type }) => type === 'seek')).toEqual([])
  })

  it('a mouse takes the cross-hair along and away, a finger leaves it until the next tap', async () => {
    open('?driver=5&lap=best')
    answer(5, 'best', lap(5, 3, 80_000))
    await show()
    point('pointermove', 'mouse', 0.25)
    expect(plot().getAttribute('aria-valuenow')).toBe('1000')
    point('pointerleave', 'mouse', 0.25)
    expect(root.querySelector('.cross-hair')).toBeNull()
    point('pointerdown', 'touch', 0.5)
    point('pointerleave', 'touch', 0.5)
    expect(plot().getAttribute('aria-valuenow')).toBe('2000')
    expect(root.querySelector('.cross-hair')).not.toBeNull()
    point('pointerdown', 'touch', 0.6)
    point('pointermove', 'touch', 0.75)
    point('pointerleave', 'touch', 0.75)
    expect(plot().getAttribute('aria-valuenow')).toBe('3000')
  })

  it('any lap of either car can be chosen, and the link says which', async () => {
    open('?driver=5&lap=best')
    answer(5, 'best', lap(5, 3, 80_000))
    answer(5, '2', lap(5, 2, 84_000))
    answer(6, '2', lap(6, 2, 83_000))
    answer(6, '4', lap(6, 4, 80_500))
    await show()
    const offered = [...root.querySelectorAll('select[aria-label="Lap of QQQ"] option')]
    expect(offered.map((option) => option.textContent).slice(0, 5)).toEqual([
      'Best',
      'Last',
      'Current',
      'Lap 6',
      'Lap 5',
    ])
    await select('Lap of QQQ', '2')
    expect(lines()).toEqual(['L2 1:24.000', 'L2 1:23.000'])
    expect(live.urlState()).toMatchObject({ lap: '2', versus_lap: null })
    await select('Lap of the other car', '4')
    expect(lines()).toEqual(['L2 1:24.000', 'L4 1:20.500'])
    expect(live.urlState()).toMatchObject({ lap: '2', versus_lap: '4' })
  })

  it('a link opens two laps of one car', async () => {
    open('?driver=5&lap=3&vs=5&vslap=2')
    answer(5, '3', lap(5, 3, 80_000))
    answer(5, '2', lap(5, 2, 80_100))
    await show()
    expect(lines()).toEqual(['L3 1:20.000', 'L2 1:20.100'])
    expect(text('.verdict')).toBe('At the lineL3 0.100 s ahead')
  })

  it('a car chosen to compare with itself gets another lap', async () => {
    open('?driver=5&lap=best')
    await show()
    await select('Compared with', '5')
    expect(live.urlState()).toMatchObject({ lap: 'best', versus: 5, versus_lap: 'last' })
  })
})

describe('a lap that is not complete', () => {
  it('is drawn as far as it is driven and asked for again while it grows', async () => {
    open('?driver=5&lap=current&vs=6&vslap=best')
    answer(5, 'current', lap(5, 6, 80_000, 40_000))
    answer(6, 'best', lap(6, 4, 80_500))
    await show()
    expect(lines()[0]).toBe('L6 under way')
    expect(text('.verdict')).toMatch(/^19\d\d mQQQ 0\.\d+ s ahead$/)
    answer(5, 'current', lap(5, 6, 80_000, 60_000))
    act(() => outside.receive(delta(2)))
    await act(async () => outside.advance(2500))
    await settle()
    expect(text('.verdict')).toMatch(/^29\d\d m/)
  })

  it('that is not driven yet is not asked for', async () => {
    open('?driver=5&lap=9')
    answer(5, '9', lap(5, 9, 80_000))
    await show()
    expect(text('.lap-compare')).toContain('QQQ has not driven lap 9 yet.')
    act(() => outside.receive(delta(2, { rows: byNumber(car(5, { lap_number: 10 })) })))
    await settle()
    expect(lines()[0]).toBe('L9 1:20.000')
  })

  it('says why there is nothing to draw', async () => {
    open('?driver=5&lap=best')
    answer(5, 'best', { ...lap(5, 3, 80_000), length_m: null, time_ms: [], distance_m: [] })
    await show()
    expect(text('.lap-compare')).toContain('The feed has no telemetry of QQQ’s lap 3.')
    await select('Lap of QQQ', 'current')
    expect(text('.lap-compare')).toContain('QQQ is on no timed lap.')
  })
})

describe('on a phone', () => {
  const phone = isPhone as { value: boolean }
  beforeEach(() => {
    phone.value = true
  })
  afterEach(() => {
    phone.value = false
  })
  const tap = (selector: string) => act(() => (root.querySelector(selector) as HTMLElement).click())

  it('the sheet of a chosen car has its laps; closed, the car stays chosen', async () => {
    open('')
    answer(5, 'best', lap(5, 3, 80_000))
    answer(6, 'best', lap(6, 4, 80_500))
    await show()
    expect(root.querySelector('.sheet')).toBeNull()
    tap('tr[data-driver="6"]')
    expect(text('.sheet h2')).toBe('Car 6')
    press('Laps')
    await settle()
    expect(lines()).toEqual(['L4 1:20.500', 'L3 1:20.000'])
    tap('.sheet .icon-button')
    expect(root.querySelector('.sheet')).toBeNull()
    expect(live.chosen.value).toBe(6)
    expect(root.querySelector('tr[data-driver="6"]')?.getAttribute('data-shown')).toBe('true')
    tap('tr[data-driver="6"]')
    await settle()
    expect(root.querySelector('.sheet .lap-plot')).not.toBeNull()
    press('Driver')
    expect(text('.sheet h2')).toBe('Car 6')
    tap('.unfollow')
    expect(live.chosen.value).toBeNull()
    expect(root.querySelector('.sheet')).toBeNull()
  })

  it('a window made narrow keeps the laps in sight, until another tab is chosen', async () => {
    phone.value = false
    open('?driver=5')
    answer(5, 'best', lap(5, 3, 80_000))
    await show()
    press('Laps')
    await settle()
    act(() => {
      phone.value = true
    })
    await settle()
    expect(root.querySelector('.sheet .lap-plot')).not.toBeNull()
    press('Driver')
    expect(text('.sheet h2')).toBe('Car 5')
    tap('.sheet .icon-button')
    tap('tr[data-driver="5"]')
    expect(text('.sheet h2')).toBe('Car 5')
  })

  it('a link to two laps opens them', async () => {
    open('?driver=5&lap=best')
    answer(5, 'best', lap(5, 3, 80_000))
    await show()
    expect(root.querySelector('.sheet .lap-plot')).not.toBeNull()
  })
})
