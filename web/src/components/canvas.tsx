// A canvas that fills its box in device pixels and is painted by the page's one loop.
import { useEffect, useRef } from 'preact/hooks'
import { onAnimationFrame } from '../frame_loop'

export interface Painter {
  resize(width: number, height: number, ratio: number): void
  paint(now_ms: number): void
}

interface Props {
  label: string
  make: (canvas: HTMLCanvasElement) => Painter
}

export function Canvas({ label, make }: Props) {
  const element = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = element.current
    if (!canvas) return
    const painter = make(canvas)
    const resize = () => painter.resize(canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1)
    resize()
    const observer = new ResizeObserver(resize)
    observer.observe(canvas)
    const stop = onAnimationFrame((now_ms) => painter.paint(now_ms))
    return () => {
      stop()
      observer.disconnect()
    }
  }, [make])
  return <canvas ref={element} role="img" aria-label={label} />
}
