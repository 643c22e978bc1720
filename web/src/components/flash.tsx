// A time that lights up for 600 ms when it changes to a new one; never on its first drawing.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { wantsLessMotion } from './context'

interface Props {
  text: string
  /** What a change is judged by: the number behind the text. */
  value: number | null
  look: string
}

export function Flash({ text, value, look }: Props) {
  const element = useRef<HTMLSpanElement>(null)
  const before = useRef(value)
  useLayoutEffect(() => {
    const isNew = value != null && value !== before.current
    before.current = value
    if (!isNew || wantsLessMotion.value || !element.current?.animate) return
    // A line below and not a background: the text keeps its contrast, and its neighbours their room.
    const lit = { boxShadow: '0 2px 0 currentColor' }
    const dark = { boxShadow: '0 2px 0 transparent' }
    element.current.animate([lit, dark], { duration: 600, easing: 'ease-in' })
  }, [value])
  return (
    <span class="time" data-look={look} ref={element}>
      {text}
    </span>
  )
}
