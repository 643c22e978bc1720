// Before there is a session: what the page waits for, in words.
import type { ConnectionState } from '../connection'
import { nextInWords } from '../next_session'
import type { NextSession } from '../protocol'
import { useLive } from './context'
import { Brand } from './icons'

const fills = 'The page fills by itself.'

/** What is waited for, and what will come of it. */
function words(kind: ConnectionState['kind'], isCatchingUp: boolean): readonly [string, string] {
  if (kind === 'connecting') return ['Connecting', 'Asking the server for the session.']
  if (kind === 'reconnecting')
    return ['No connection', 'The server does not answer. The page tries again by itself.']
  if (isCatchingUp) return ['Catching up', `The server reads what came before this moment. ${fills}`]
  return ['Waiting for a session', `The server is there, but nothing has been recorded yet. ${fills}`]
}

/** What the schedule says, or why it says nothing. */
function Next({ next }: { next: NextSession }) {
  const words = nextInWords(next, Date.now())
  return (
    <>
      {words && (
        <div class="next">
          <b>{words.what}</b>
          <span>
            {words.when}, {words.distance}
          </span>
        </div>
      )}
      {!words && !next.schedule_trouble && <p>No session is known that is to come.</p>}
      {next.schedule_trouble && (
        <p class="trouble">
          The schedule cannot be had: {next.schedule_trouble}. The server asks again by itself.
        </p>
      )}
      <p>
        {next.is_feed_connected
          ? 'The schedule is a hint: the page goes live when the feed says that the session begins.'
          : 'There is no connection to the live feed yet. The server tries again by itself.'}
      </p>
    </>
  )
}

export function Waiting() {
  const { connection, is_catching_up, status } = useLive()
  const kind = connection.value.kind
  const next = kind === 'connected' && !is_catching_up.value ? status.next_session.value : null
  const [title, said] = words(kind, is_catching_up.value)
  const text = next ? null : said
  return (
    <main class="waiting">
      <div class={kind === 'reconnecting' ? '' : 'pulse'}>
        <Brand />
      </div>
      <strong key={title}>{title}</strong>
      {text && <p key={title}>{text}</p>}
      {next && <Next next={next} />}
    </main>
  )
}
