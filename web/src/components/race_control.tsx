import { useSignal } from '@preact/signals'
import { memo } from 'preact/compat'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { chipOf } from '../flags'
import type { RaceControlMessage } from '../protocol'
import { isRace } from '../tower_order'
import { Choices } from './choices'
import { useLive, wantsLessMotion } from './context'
import { Decisions, PitStops } from './decisions'
import { timeOf } from './track_time'

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

function Messages() {
  const live = useLive()
  const messages = live.race_control.value
  const list = useSlideDown(messages.length)
  if (messages.length === 0)
    return (
      <div class="empty">
        <strong>Nothing yet</strong>
        Messages of race control appear here, the newest first.
      </div>
    )
  return (
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
  )
}

type List = 'messages' | 'decisions' | 'stops'

export function RaceControl() {
  const live = useLive()
  const list = useSignal<List>('messages')
  const stops = Object.values(live.pit_stops.value).reduce((sum, each) => sum + each.length, 0)
  const choices = [
    { value: 'messages', label: 'Race control', count: live.race_control.value.length },
    { value: 'decisions', label: 'Decisions', count: Object.keys(live.penalties.value).length },
    ...(isRace(live.session.value?.session_kind) ? [{ value: 'stops', label: 'Stops', count: stops }] : []),
  ] as const
  const shown = choices.some(({ value }) => value === list.value) ? list.value : 'messages'
  return (
    <section class="panel area-control" aria-label="Race control">
      <Choices
        label="Lists"
        choices={choices}
        chosen={shown}
        onChoose={(value) => {
          list.value = value as List
        }}
      />
      {shown === 'messages' && <Messages />}
      {shown === 'decisions' && <Decisions />}
      {shown === 'stops' && <PitStops />}
    </section>
  )
}
