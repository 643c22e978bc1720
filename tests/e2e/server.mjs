// Starts the binary under test on a free port and ends it in every case.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const qualifying = 'archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying'

const race = 'recordings/2025_italy_race.fastf1.txt.gz'

function recorded(path) {
  const place = join(process.env.SLIPSTREAM_DATA ?? resolve(root, '../shared/data'), path)
  return existsSync(place) ? place : null
}

/** The recorded qualifying to replay, or null where there is no data. */
export const sourceFolder = () => recorded(qualifying)

/** The same of a race. */
export const raceRecording = () => recorded(race)

export function binary() {
  const places = [process.env.SLIPSTREAM_BIN, 'build/dev/slipstream', 'build/release/slipstream']
  const found = places.filter(Boolean).map((place) => resolve(root, place))
  return found.find((place) => existsSync(place)) ?? null
}

/** A port nobody listens on at this moment. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

const running = new Set()

process.on('exit', () => {
  for (const server of running) server.child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

async function isHealthy(url) {
  try {
    return (await fetch(`${url}/api/health`)).ok
  } catch {
    return false
  }
}

class Server {
  constructor(args, port, environment = {}) {
    this.url = `http://127.0.0.1:${port}`
    this.log = ''
    const env = { ...process.env, ...environment }
    this.child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'pipe'], env })
    this.ended = new Promise((done) => {
      this.child.once('exit', (code, signal) => done(signal ?? code))
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (text) => {
        this.log = (this.log + text).slice(-4000)
      })
    running.add(this)
  }

  async untilHealthy(ms = 60_000) {
    let end = null
    this.ended.then((how) => {
      end = how
    })
    for (const from = Date.now(); Date.now() - from < ms; ) {
      if (await isHealthy(this.url)) return this
      if (end !== null) throw new Error(`the server ended with ${end}: ${this.log}`)
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`the server did not answer in ${ms} ms: ${this.log}`)
  }

  /** SIGTERM is the graceful way, SIGKILL the crash. */
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal)
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 10_000)
    const how = await this.ended
    clearTimeout(timer)
    running.delete(this)
    return how
  }
}

/** A session, by default the qualifying from the middle of its first part. */
export async function startReplay({ port, speed = 10, from = '00:19:30', source = sourceFolder() }) {
  const args = ['replay', source, '--from', from, '--speed', String(speed)]
  return new Server([...args, '--serve', `127.0.0.1:${port}`], port).untilHealthy()
}

function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'slipstream-e2e-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The same race in every run, with its log and database in a folder of its own; `db` is the latter. */
export async function startDemo({ port, seed = 432 }) {
  const cache = scratchFolder()
  const args = ['demo', '--seed', String(seed), '--listen', `127.0.0.1:${port}`]
  const demo = new Server(args, port, { XDG_CACHE_HOME: cache, DISPLAY: '', WAYLAND_DISPLAY: '' })
  demo.db = join(cache, 'slipstream', `demo-${port}`, 'f1.duckdb')
  return demo.untilHealthy()
}

/** A server that has no session. */
export async function startEmpty({ port }) {
  const folder = scratchFolder()
  const args = ['serve', '--bus', folder, '--listen', `127.0.0.1:${port}`]
  return new Server(args, port).untilHealthy()
}
