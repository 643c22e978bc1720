// The whole page in jsdom, driven without a network. What jsdom lacks is stubbed; nothing of the page is.
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { vi } from 'vitest'
import { App } from '../components/app'
import { Live } from '../live'
import { readUrl } from '../url_state'
import { FakeOutside } from './fake_outside'

export interface OpenPage {
  outside: FakeOutside
  live: Live
  root: HTMLElement
}

/** The page as a link with this search opens it; closePage() ends it. */
export function openPage(search = ''): OpenPage {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
  const outside = new FakeOutside()
  const live = new Live(outside, readUrl(search))
  const root = document.createElement('div')
  document.body.append(root)
  act(() => {
    live.start()
    render(<App live={live} />, root)
  })
  return { outside, live, root }
}

export function closePage({ live, root }: OpenPage): void {
  act(() => render(null, root))
  live.stop()
  root.remove()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
}
