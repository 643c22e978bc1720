// The whole session as one line: parts, flags, ticks, the cursor. Hover shows a time, drag and click seek.
import { type Signal, useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { flagOfStatus } from '../flags'
import { localTime, sessionTime, unknown } from '../format'
import type { Session, Timeline } from '../protocol'
import { partName } from '../tower_order'
import { isPhone, useLive } from './context'

const percent = (share: number) => `${(100 * Math.min(1, Math.max(0, share))).toFixed(3)}%`

export function shareOf(timeline: Timeline, ms: number): number {
  return (ms - timeline.from_ms) / Math.max(1, timeline.to_ms - timeline.from_ms)
}

const ruler_steps_min = [5, 10, 15, 30, 60, 120]

/** Round local times (or, without them, session times) at which the ruler has a mark. */
export function rulerMarks(timeline: Timeline, session: Session | null, marks_max: number): number[] {
  const zero = session?.zero_date ? Date.parse(session.zero_date) : Number.NaN
  const offset = Number.isNaN(zero) ? 0 : (zero + (session?.gmt_offset_s ?? 0) * 1000) % 86_400_000
  const length = timeline.to_ms - timeline.from_ms
  const step_min = ruler_steps_min.find((minutes) => length / (minutes * 60_000) <= marks_max) ?? 240
  const step = step_min * 60_000
  const marks: number[] = []
  const first = Math.ceil((timeline.from_ms + offset) / step) * step - offset
  for (let ms = first; ms <= timeline.to_ms; ms += step) marks.push(ms)
  return marks.filter((ms) => shareOf(timeline, ms) > 0.015 && shareOf(timeline, ms) < 0.985)
}

function Lane({ timeline, session }: { timeline: Timeline; session: Session | null }) {
  const live = useLive()
  const known = useComputed(() => shareOf(timeline, live.player.value?.edge_ms ?? 0)).value
  const played = useComputed(() => shareOf(timeline, live.cursor_ms.value ?? 0)).value
  const place = (from_ms: number, to_ms: number) => ({
    left: percent(shareOf(timeline, from_ms)),
    width: percent(shareOf(timeline, to_ms) - shareOf(timeline, from_ms)),
  })
  return (
    <div class="lane">
      <div class="known" style={{ transform: `scaleX(${Math.min(1, known)})` }} />
      <div class="played" style={{ transform: `scaleX(${Math.min(1, played)})` }} />
      {timeline.parts.map((part) => (
        <div class="part" key={part.part_number} style={place(part.from_ms, part.to_ms)}>
          {timeline.parts.length > 1 || part.part_number > 1 || session?.session_kind === 'qualifying'
            ? partName(session?.session_kind, part.part_number)
            : ''}
        </div>
      ))}
      {timeline.bands.map((band) => (
        <div
          class="flag-band"
          key={band.from_ms}
          data-look={flagOfStatus(band.status).look}
          style={place(band.from_ms, band.to_ms)}
        />
      ))}
    </div>
  )
}

function Marks({ timeline, session }: { timeline: Timeline; session: Session | null }) {
  return (
    <>
      {timeline.ticks.map((tick) => (
        <div
          class="tick"
          key={`${tick.session_time_ms} ${tick.kind}`}
          data-kind={tick.kind}
          style={{ left: percent(shareOf(timeline, tick.session_time_ms)) }}
        />
      ))}
      {rulerMarks(timeline, session, isPhone.value ? 6 : 12).map((ms) => (
        <div class="hour" key={ms} style={{ left: percent(shareOf(timeline, ms)) }}>
          {session?.zero_date ? localTime(session, ms, 'short') : sessionTime(ms)}
        </div>
      ))}
    </>
  )
}

/** What there is within a few pixels of the pointer, in words. */
export function hintAt(timeline: Timeline, ms: number): string | null {
  const reach = (timeline.to_ms - timeline.from_ms) * 0.006
  const tick = timeline.ticks.find((item) => Math.abs(item.session_time_ms - ms) <= reach)
  if (tick) return tick.label ?? tick.kind
  const band = timeline.bands.find((item) => item.from_ms - reach <= ms && ms <= item.to_ms + reach)
  return band ? flagOfStatus(band.status).label : null
}

function Hint({ timeline, session, at }: { timeline: Timeline; session: Session | null; at: number }) {
  const live = useLive()
  const share = Math.min(0.96, Math.max(0.04, shareOf(timeline, at)))
  const isAhead = at > (live.player.value?.edge_ms ?? Number.POSITIVE_INFINITY)
  const what = isAhead ? 'not yet' : hintAt(timeline, at)
  const local = localTime(session, at)
  return (
    <div class="hint" style={{ left: percent(share) }}>
      <b>{sessionTime(at)}</b>
      {local !== unknown && <span class="muted"> · {local}</span>}
      {what && <span> · {what}</span>}
    </div>
  )
}

/** Pointer to session time: pressing takes the pointer, moving seeks, leaving ends the hint. */
function useScrub(timeline: Timeline | null, hover: Signal<number | null>) {
  const live = useLive()
  const track = useRef<HTMLDivElement>(null)
  const isDragging = useRef(false)
  const timeAt = (event: PointerEvent): number | null => {
    const box = track.current?.getBoundingClientRect()
    if (!box || !timeline || box.width === 0) return null
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    return timeline.from_ms + share * (timeline.to_ms - timeline.from_ms)
  }
  const onMove = (event: PointerEvent) => {
    const ms = timeAt(event)
    hover.value = ms
    if (ms != null && isDragging.current) live.seek(ms)
  }
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    isDragging.current = true
    track.current?.setPointerCapture(event.pointerId)
    onMove(event)
  }
  const onUp = (event: PointerEvent) => {
    isDragging.current = false
    if (event.pointerType !== 'mouse') hover.value = null
  }
  const onLeave = () => {
    if (!isDragging.current) hover.value = null
  }
  return { track, onMove, onDown, onUp, onLeave }
}

function Needle({ timeline }: { timeline: Timeline }) {
  const share = shareOf(timeline, useLive().cursor_ms.value ?? 0)
  return (
    <div class="needle-box">
      <div class="needle" style={{ transform: `translateX(${percent(share)})` }} />
    </div>
  )
}

export function TimelineTrack() {
  const live = useLive()
  const hover = useSignal<number | null>(null)
  const timeline = live.timeline.value
  const session = live.session.value
  const scrub = useScrub(timeline, hover)
  // Screen readers get the cursor in steps of five seconds, not ten times a second.
  const step = useComputed(() => Math.floor((live.cursor_ms.value ?? 0) / 5000) * 5000).value
  useEffect(() => {
    if (!timeline) hover.value = null
  }, [timeline, hover])
  if (!timeline) return <div class="timeline" />
  return (
    <div
      class="timeline"
      ref={scrub.track}
      role="slider"
      tabIndex={0}
      aria-label="Session time"
      aria-valuemin={Math.round(timeline.from_ms / 1000)}
      aria-valuemax={Math.round(timeline.to_ms / 1000)}
      aria-valuenow={Math.round(step / 1000)}
      aria-valuetext={`${sessionTime(step)}, ${localTime(session, step, 'short')} at the track`}
      onPointerDown={scrub.onDown}
      onPointerMove={scrub.onMove}
      onPointerUp={scrub.onUp}
      onPointerCancel={scrub.onUp}
      onPointerLeave={scrub.onLeave}
    >
      <Lane timeline={timeline} session={session} />
      <Marks timeline={timeline} session={session} />
      <Needle timeline={timeline} />
      {hover.value != null && <Hint timeline={timeline} session={session} at={hover.value} />}
    </div>
  )
}
