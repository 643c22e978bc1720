// Before there is a session: what the page waits for, in words.
import { useLive } from './context'
import { Brand } from './icons'

export function Waiting() {
  const { connection } = useLive()
  const kind = connection.value.kind
  const isConnected = kind === 'connected' || kind === 'silent'
  const title = isConnected ? 'Waiting for a session' : kind === 'connecting' ? 'Connecting' : 'No connection'
  return (
    <main class="waiting">
      <div class={kind === 'reconnecting' ? '' : 'pulse'}>
        <Brand />
      </div>
      <strong key={title}>{title}</strong>
      <p key={kind}>
        {isConnected
          ? 'The server is there, but nothing has been recorded yet. The page fills by itself.'
          : kind === 'connecting'
            ? 'Asking the server for the session.'
            : 'The server does not answer. The page tries again by itself.'}
      </p>
    </main>
  )
}
