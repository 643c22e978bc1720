// What the connection really is at this moment, with the seconds it has been so.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ConnectionState } from '../connection'
import { useLive } from './context'

export function connectionText(state: ConnectionState, now_ms: number): string {
  const seconds = (since_ms: number) => `${Math.max(0, Math.floor((now_ms - since_ms) / 1000))} s`
  switch (state.kind) {
    case 'connecting':
      return 'Connecting'
    case 'connected':
      return 'Connected'
    case 'silent':
      return `No data ${seconds(state.since_ms)}`
    case 'reconnecting':
      return `Reconnecting ${seconds(state.since_ms)}`
  }
}

const spoken = {
  connecting: 'Connecting',
  connected: 'Connected',
  silent: 'No data is coming',
  reconnecting: 'Connection lost, reconnecting',
}

export function ConnectionPill() {
  const { connection } = useLive()
  const state = connection.value
  const now = useSignal(performance.now())
  const counts = state.kind === 'reconnecting' || state.kind === 'silent'
  useEffect(() => {
    now.value = performance.now()
    if (!counts) return
    const timer = setInterval(() => {
      now.value = performance.now()
    }, 250)
    return () => clearInterval(timer)
  }, [counts, now])
  return (
    <div class="connection" data-kind={state.kind}>
      <i />
      <span aria-hidden="true">{connectionText(state, now.value)}</span>
      <span class="hidden" role="status">
        {spoken[state.kind]}
      </span>
    </div>
  )
}
