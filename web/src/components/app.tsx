import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { handleKey } from '../keys'
import type { Live } from '../live'
import { Board } from './board'
import { BottomNav, type Tab } from './bottom_nav'
import { isPhone, LiveContext } from './context'
import { HelpSheet } from './help_sheet'
import { PipelineStrip } from './pipeline_strip'
import { PlayerBar } from './player_bar'
import { FlagBand, TopBar } from './top_bar'
import { Waiting } from './waiting'

export function App({ live }: { live: Live }) {
  const tab = useSignal<Tab>('tower')
  const isHelpOpen = useSignal(false)
  useEffect(() => {
    const toggleHelp = () => {
      isHelpOpen.value = !isHelpOpen.value
    }
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, live, toggleHelp)) event.preventDefault()
    }
    // A button pressed by pointer gives the focus back, or the next space would press it again.
    const onClick = (event: MouseEvent) => {
      const button = event.detail > 0 && event.target instanceof Element && event.target.closest('button')
      if (button && !button.closest('dialog')) button.blur()
    }
    addEventListener('keydown', onKey)
    addEventListener('click', onClick)
    return () => {
      removeEventListener('keydown', onKey)
      removeEventListener('click', onClick)
    }
  }, [live, isHelpOpen])
  return (
    <LiveContext.Provider value={live}>
      <div class="screen">
        <TopBar
          onHelp={() => {
            isHelpOpen.value = true
          }}
        />
        <FlagBand />
        {live.session.value ? (
          <>
            <Board tab={tab.value} />
            <PlayerBar />
            <BottomNav tab={tab} />
            {!isPhone.value && <PipelineStrip />}
          </>
        ) : (
          <Waiting />
        )}
        <HelpSheet isOpen={isHelpOpen} />
      </div>
    </LiveContext.Provider>
  )
}
