// The strip at the page's foot: what goes through the server at this moment, and which session comes next.
// Only where the server says it (status_watch.ts); of now, wherever the cursor is.
import { grouped, seconds, unknown } from '../format'
import { nextInWords } from '../next_session'
import type { Pipeline } from '../protocol'
import { useLive } from './context'

interface Count {
  name: string
  value: string
  what: string
  isTrouble?: boolean
}

/** What there is to count, in the data's order. */
export function counts(pipeline: Pipeline): Count[] {
  const { messages, records, rows, lag_ms, laps_checked, lap_errors } = pipeline
  const list: Count[] = [
    { name: 'Messages', value: grouped(messages), what: 'Messages of the feed that were read' },
    { name: 'Records', value: grouped(records), what: 'Records that were made of them, on the log' },
  ]
  if (rows != null)
    list.push({ name: 'Rows in DuckDB', value: grouped(rows), what: 'Rows of all staging tables' })
  if (rows != null)
    list.push({
      name: 'Lag',
      value: lag_ms == null ? unknown : seconds(lag_ms),
      what: 'From a record on the log to its row in DuckDB',
    })
  if (laps_checked != null && lap_errors != null)
    list.push({
      name: 'Lap errors',
      value: `${grouped(lap_errors)} of ${grouped(laps_checked)}`,
      what: 'Laps whose time or sectors are not what the simulator drove',
      isTrouble: lap_errors > 0,
    })
  return list
}

export function PipelineStrip() {
  const { pipeline, next_session } = useLive().status
  const next = nextInWords(next_session.value, Date.now())
  if (!pipeline.value) return null
  return (
    <section class="pipeline" aria-label="What goes through the server">
      <dl>
        {counts(pipeline.value).map(({ name, value, what, isTrouble }) => (
          <div key={name} title={what} data-trouble={isTrouble}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {next && (
        <p title={`${next.when}, by the schedule`}>
          Next: {next.what}, {next.distance}
        </p>
      )}
    </section>
  )
}
