import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { LineIcon } from './icons'

const keys = [
  [['Space'], 'Pause and go on'],
  [['←', '→'], 'Five seconds back or forward'],
  [['Shift ←', 'Shift →'], 'A minute back or forward'],
  [['1', '–', '9'], 'Driver by position; again: the page chooses'],
  [['L'], 'To the newest there is'],
  [['?'], 'This sheet'],
] as const

export function HelpSheet({ isOpen }: { isOpen: Signal<boolean> }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const shouldOpen = isOpen.value
  useEffect(() => {
    const element = dialog.current
    if (!element || element.open === shouldOpen) return
    if (shouldOpen) element.showModal()
    else element.close()
  }, [shouldOpen])
  const onClose = () => {
    isOpen.value = false
  }
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <LineIcon name="close" />
        </button>
      </header>
      <dl class="keys">
        {keys.map(([names, what]) => (
          <>
            <dt key={what}>{names.map((name) => (name === '–' ? ' – ' : <kbd key={name}>{name}</kbd>))}</dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
    </dialog>
  )
}
