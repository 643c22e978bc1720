import { beforeEach, describe, expect, it } from 'vitest'
import { backoff_ms, Connection, type ConnectionState } from './connection'
import type { ServerFrame } from './protocol'
import { FakeOutside } from './testing/fake_outside'
import { delta, snapshot } from './testing/frames'

let outside: FakeOutside
let states: ConnectionState[]
let frames: ServerFrame[]
let expectsFrames: boolean

beforeEach(() => {
  outside = new FakeOutside()
  states = []
  frames = []
  expectsFrames = true
  new Connection({
    ...outside,
    hello: () => ({ session_key: 7, resume: { stream: 'a', number: 3 } }),
    expectsFrames: () => expectsFrames,
    isServerUp: () => outside.isServerUp(),
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
  }).start()
})

const kind = () => states[states.length - 1]?.kind

function connect(): void {
  outside.connect()
  outside.receive(snapshot())
}

describe('the state of the connection', () => {
  it('is connected only after a frame, not when the socket opens', () => {
    expect(kind()).toBe('connecting')
    outside.connect()
    expect(kind()).toBe('connecting')
    outside.receive(snapshot())
    expect(kind()).toBe('connected')
  })

  it('changes when the server goes, counts from that moment, and back when it returns', () => {
    connect()
    outside.advance(2000)
    outside.drop()
    expect(states[states.length - 1]).toEqual({ kind: 'reconnecting', since_ms: 2000, attempt: 1 })
    outside.advance(400)
    outside.drop()
    expect(states[states.length - 1]).toEqual({ kind: 'reconnecting', since_ms: 2000, attempt: 2 })
    outside.advance(1000)
    connect()
    expect(kind()).toBe('connected')
  })

  it('says so when a server that should send is silent', async () => {
    connect()
    outside.advance(6000)
    expect(states[states.length - 1]).toEqual({ kind: 'silent', since_ms: 0 })
    outside.receive(delta(2))
    expect(kind()).toBe('connected')
  })

  it('does not call a paused picture silent', () => {
    connect()
    expectsFrames = false
    outside.advance(60_000)
    expect(kind()).toBe('connected')
  })

  it('gives up a socket that looks open when the server does not answer', async () => {
    connect()
    outside.isUp = false
    outside.advance(6000)
    await Promise.resolve()
    await Promise.resolve()
    expect(kind()).toBe('reconnecting')
  })
})

describe('connecting again', () => {
  it('waits longer each time', () => {
    for (const [index, wait] of backoff_ms.entries()) {
      outside.drop()
      outside.advance(wait - 1)
      expect(outside.sockets).toHaveLength(index + 1)
      outside.advance(1)
      expect(outside.sockets).toHaveLength(index + 2)
    }
  })

  it('starts with hello and where it was', () => {
    connect()
    outside.drop()
    outside.advance(backoff_ms[0] as number)
    outside.connect()
    expect(outside.sent).toEqual([{ type: 'hello', session_key: 7, resume: { stream: 'a', number: 3 } }])
  })

  it('does not wait for ever for an answer', () => {
    outside.connect()
    outside.advance(8000)
    expect(kind()).toBe('reconnecting')
  })
})

it('a frame that is no JSON is passed over', () => {
  outside.connect()
  outside.socket.onmessage?.({ data: '{' })
  expect(frames).toEqual([])
  expect(kind()).toBe('connecting')
})
