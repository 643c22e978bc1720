// Keyboard: space plays and pauses, arrows seek, digits choose a driver by position, L goes to the newest.
import type { Live } from './live'

export const step_ms = 5_000
export const long_step_ms = 60_000

const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]')

const isReachedByKeyboard = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.matches('button:focus-visible, a:focus-visible, summary:focus-visible')

/** True if the key was ours. */
export function handleKey(event: KeyboardEvent, live: Live, toggleHelp: () => void): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return false
  const step = event.shiftKey ? long_step_ms : step_ms
  switch (event.key) {
    case ' ':
      // Space on a button that has the keyboard's focus presses that button.
      if (isReachedByKeyboard(event.target)) return false
      live.togglePlaying()
      return true
    case 'ArrowLeft':
      live.seekBy(-step)
      return true
    case 'ArrowRight':
      live.seekBy(step)
      return true
    case 'l':
    case 'L':
      live.goLive()
      return true
    case '?':
      toggleHelp()
      return true
    default: {
      if (!/^[1-9]$/.test(event.key)) return false
      const row = live.ordered.value[Number(event.key) - 1]
      if (row) live.choose(row.driver_number)
      return row != null
    }
  }
}
