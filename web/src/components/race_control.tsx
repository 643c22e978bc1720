import { memo } from 'preact/compat'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { chipOf } from '../flags'
import { localTime, sessionTime } from '../format'
import type { RaceControlMessage, Session } from '../protocol'
import { useLive, wantsLessMotion } from './context'

/** Local time at the track; where the feed has not said it, session time. */
function timeOf(session: Session | null, ms: number): string {
  return session?.zero_date && session.gmt_offset_s != null
    ? localTime(session, ms, 'short')
    : sessionTime(ms)
}

interface ItemProps {
  message: RaceControlMessage
  time: string
}

const Item = memo(function Item({ message, time }: ItemProps) {
  const chip = chipOf(message)
  return (
    <li>
      <time>{time}</time>
      <span class="chip" data-look={chip.look}>
        {chip.label}
      </span>
      <p>{message.message}</p>
    </li>
  )
})

/** A new message slides the list down by transform instead of making it jump. */
function useSlideDown(count: number) {
  const list = useRef<HTMLOListElement>(null)
  const before = useRef<number | null>(null)
  useLayoutEffect(() => {
    const added = before.current == null ? 0 : count - before.current
    before.current = count
    const element = list.current
    if (added <= 0 || added > 3 || !element?.animate || wantsLessMotion.value) return
    let height = 0
    for (const child of [...element.children].slice(0, added)) height += (child as HTMLElement).offsetHeight
    const frames = [{ transform: `translateY(${-height}px)` }, { transform: 'none' }]
    element.animate(frames, { duration: 250, easing: 'cubic-bezier(.2,.7,.3,1)' })
  }, [count])
  return list
}

export function RaceControl() {
  const live = useLive()
  const messages = live.race_control.value
  const list = useSlideDown(messages.length)
  return (
    <section class="panel area-control" aria-label="Race control">
      <h2 class="panel-title">
        Race control
        <span class="aside label">{messages.length || ''}</span>
      </h2>
      {messages.length === 0 ? (
        <div class="empty">
          <strong>Nothing yet</strong>
          Messages of race control appear here, the newest first.
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <section class="scroll" tabIndex={0} aria-label="Messages, newest first">
          <ol class="messages" ref={list}>
            {messages.toReversed().map((message) => (
              <Item
                key={message.message_number}
                message={message}
                time={timeOf(live.session.value, message.session_time_ms)}
              />
            ))}
          </ol>
        </section>
      )}
    </section>
  )
}
