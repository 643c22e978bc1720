import './styles/index.css'
import { render } from 'preact'
import { browser, followState } from './browser'
import { App } from './components/app'
import { Live } from './live'
import { readUrl } from './url_state'

const live = new Live(browser, readUrl(location.search))
followState(live)
live.start()
render(<App live={live} />, document.getElementById('app') as HTMLElement)
