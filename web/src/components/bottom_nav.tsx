import type { Signal } from '@preact/signals'
import { LineIcon } from './icons'

export type Tab = 'tower' | 'map' | 'player' | 'feed'

const tabs: { tab: Tab; label: string }[] = [
  { tab: 'tower', label: 'Tower' },
  { tab: 'map', label: 'Map' },
  { tab: 'player', label: 'Control' },
  { tab: 'feed', label: 'Feed' },
]

export function BottomNav({ tab: current }: { tab: Signal<Tab> }) {
  return (
    <nav class="bottom-nav" aria-label="Panels">
      {tabs.map(({ tab, label }) => (
        <button
          type="button"
          key={tab}
          aria-current={current.value === tab ? 'page' : undefined}
          onClick={() => {
            current.value = tab
          }}
        >
          <LineIcon name={tab} />
          {label}
        </button>
      ))}
    </nav>
  )
}
