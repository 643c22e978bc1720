import { type ReadonlySignal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Live } from '../live'

export const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (!live) throw new Error('no LiveContext above this component')
  return live
}

function mediaSignal(query: string): ReadonlySignal<boolean> {
  const list = typeof matchMedia === 'function' ? matchMedia(query) : null
  const matches = signal(list?.matches ?? false)
  list?.addEventListener('change', (event) => {
    matches.value = event.matches
  })
  return matches
}

export const isPhone = mediaSignal('(max-width: 760px)')
/** Too narrow for a panel of telemetry of its own: the car's panel shows it then. */
export const isNarrow = mediaSignal('(max-width: 1180px)')
export const wantsLessMotion = mediaSignal('(prefers-reduced-motion: reduce)')
