// Before there is a session: what the page waits for, in words.
import type { ConnectionState } from '../connection'
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

export function Waiting() {
  const { connection, is_catching_up } = useLive()
  const kind = connection.value.kind
  const [title, text] = words(kind, is_catching_up.value)
  return (
    <main class="waiting">
      <div class={kind === 'reconnecting' ? '' : 'pulse'}>
        <Brand />
      </div>
      <strong key={title}>{title}</strong>
      <p key={title}>{text}</p>
    </main>
  )
}
