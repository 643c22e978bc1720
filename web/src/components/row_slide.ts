// Rows that changed places slide from where they were seen to where they are now, by transform only.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { wantsLessMotion } from './context'

const slide_ms = 250

/** The rows' car numbers from top to bottom. */
type Order = readonly number[]

interface Slides {
  stream: string | undefined
  places: Map<number, number>
  running: Map<number, Animation>
}

/** How far off its place a row is still drawn by a slide that has not ended. */
function offsetOf(element: HTMLElement, running: Animation | undefined): number {
  if (running?.playState !== 'running') return 0
  return new DOMMatrix(getComputedStyle(element).transform).m42
}

function slideRows(rows: Iterable<HTMLElement>, order: Order, slides: Slides): void {
  const elements = [...rows]
  const height = elements[0]?.getBoundingClientRect().height ?? 0
  const places = new Map(order.map((driver, index) => [driver, index]))
  // All positions are read before anything is written: one layout, not one a row.
  const moves = elements.map((element) => {
    const driver = Number(element.dataset.driver)
    const steps = (slides.places.get(driver) ?? places.get(driver) ?? 0) - (places.get(driver) ?? 0)
    const offset = steps === 0 ? 0 : steps * height + offsetOf(element, slides.running.get(driver))
    return { element, driver, offset }
  })
  slides.places = places
  for (const { element, driver, offset } of moves) {
    if (offset === 0 || wantsLessMotion.value || !element.animate) continue
    slides.running.get(driver)?.cancel()
    const frames = [{ transform: `translateY(${offset}px)` }, { transform: 'translateY(0)' }]
    const easing = 'cubic-bezier(.2,.7,.3,1)'
    slides.running.set(driver, element.animate(frames, { duration: slide_ms, easing }))
  }
}

/** `stream`: a new one is another moment of the session, to which nobody drove: its order is just there. */
export function useRowSlide(
  body: RefObject<HTMLTableSectionElement | null>,
  order: Order,
  stream: string | undefined,
): void {
  const slides = useRef<Slides>({ stream, places: new Map(), running: new Map() })
  const key = order.join(' ')
  useLayoutEffect(() => {
    const { current } = slides
    if (current.stream !== stream) {
      for (const animation of current.running.values()) animation.cancel()
      current.places = new Map()
      current.stream = stream
    }
    slideRows(body.current?.rows ?? [], order, current)
  }, [key, stream])
}
