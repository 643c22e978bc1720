// The page's border to the browser: the socket's address, timers, the address bar, the title.
import { effect } from '@preact/signals'
import type { Socket } from './connection'
import type { Live, Outside } from './live'
import { partName } from './tower_order'
import { writeUrl } from './url_state'

const health_ms_max = 3000
const url_every_ms = 1000

async function isServerUp(): Promise<boolean> {
  try {
    const answer = await fetch('/api/health', {
      signal: AbortSignal.timeout(health_ms_max),
      cache: 'no-store',
    })
    return answer.ok
  } catch {
    return false
  }
}

async function getJson(path: string): Promise<unknown> {
  try {
    const answer = await fetch(path, { cache: 'no-store' })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

export const browser: Outside = {
  getJson,
  open() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    return new WebSocket(`${scheme}://${location.host}/ws/live`) as Socket
  },
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
  isServerUp,
}

function titleOf(live: Live): string {
  const session = live.session.value
  if (!session) return 'slipstream'
  const part = live.session_part.value
  const name = part ? partName(session.session_kind, part) : session.session_name
  return [name, session.meeting_name, 'slipstream'].filter(Boolean).join(' · ')
}

/** Keeps title and address in step with the state; the address at most once a second. */
export function followState(live: Live): void {
  effect(() => {
    document.title = titleOf(live)
  })
  let isDue = false
  const write = () => {
    isDue = false
    const search = writeUrl(location.search, live.urlState())
    if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}`)
  }
  effect(() => {
    if (!live.view.value) return
    live.urlState() // reads what the address depends on
    if (!isDue) setTimeout(write, url_every_ms)
    isDue = true
  })
}
