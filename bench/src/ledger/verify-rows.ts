import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Row } from '../row.ts'
import { round, rowOf } from '../row.ts'
import { type BenchWorld, SCHEMA } from './bench-world.ts'
import type { Measured } from './drive.ts'

const PROGRAM = fileURLToPath(new URL('verify-process.ts', import.meta.url))
/** With and without take turns, so that what else the machine does falls on both. */
const TURNS = 2

interface Verified {
  readonly transfers: number
  readonly seconds: number
  readonly peak_mb: number
}

/** How fast the whole journal is verified while nothing else is done. */
export async function verifyIdle(
  world: BenchWorld,
  base: { readonly name: string; readonly perSecond: number },
): Promise<Row> {
  await world.committer.flush()
  await world.database.owner.unsafe('checkpoint')
  const { verified } = startVerify(world)
  const { transfers, seconds, peak_mb } = await verified
  const took = seconds * 1000
  const rate = { perSecond: transfers / seconds, p50Ms: took, p99Ms: took }
  return {
    ...rowOf('verify-idle', rate, base.name, base.perSecond),
    verify_transfers: transfers,
    verify_s: round(seconds),
    verify_peak_mb: peak_mb,
  }
}

/** What a verification, begun again and again in a process of its own, costs the postings of the same seconds. */
export async function verifyUnderLoad(
  world: BenchWorld,
  seconds: number,
  measure: (seconds: number) => Promise<Measured>,
): Promise<Row> {
  const without: Measured[] = []
  const beside: Measured[] = []
  const verified = { transfers: 0, seconds: 0 }
  for (let turn = 0; turn < TURNS; turn += 1) {
    without.push(await measure(Math.max(1, seconds / TURNS)))
    let isOver = false
    const again = repeat(world, () => isOver, verified)
    // Told by awaiting it; until then it must not end the program.
    again.catch(() => undefined)
    beside.push(await measure(Math.max(1, seconds / TURNS)))
    isOver = true
    await again
  }
  const baseline = mean(without.map(({ perSecond }) => perSecond))
  const rate = {
    perSecond: mean(beside.map(({ perSecond }) => perSecond)),
    p50Ms: mean(beside.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...beside.map(({ p99Ms }) => p99Ms)),
  }
  return {
    ...rowOf('verify-under-load', rate, 'without-verify', baseline),
    ...{ verify_transfers: verified.transfers, verify_s: round(verified.seconds) },
  }
}

/** The last one is stopped when the postings are over, and counts as far as it came. */
async function repeat(
  world: BenchWorld,
  isOver: () => boolean,
  total: { transfers: number; seconds: number },
): Promise<void> {
  while (!isOver()) {
    const { verified, stop } = startVerify(world)
    const timer = setInterval(() => {
      if (isOver()) stop()
    }, 20)
    const { transfers, seconds } = await verified.finally(() => clearInterval(timer))
    total.transfers += transfers
    total.seconds += seconds
  }
}

function startVerify(world: BenchWorld): { readonly verified: Promise<Verified>; readonly stop: () => void } {
  const connection = JSON.stringify(world.server.connection)
  const child = spawn(process.execPath, [PROGRAM, SCHEMA, connection], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  let isStopped = false
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const verified = new Promise<Verified>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      // Before it had begun.
      if (isStopped && text === '') return resolve({ transfers: 0, seconds: 0, peak_mb: 0 })
      if (code !== 0) return reject(new Error(`the verification ended with ${code}`))
      const report: Verified & { readonly sound: boolean; readonly finding: unknown } = JSON.parse(text)
      if (report.sound) resolve(report)
      else reject(new Error(`the ledger is not sound: ${JSON.stringify(report.finding)}`))
    })
  })
  return {
    verified,
    // Once: a second signal would find a program that no longer listens, and cut off what it tells.
    stop: () => {
      if (isStopped) return
      isStopped = true
      child.kill()
    },
  }
}

function mean(of: readonly number[]): number {
  return of.reduce((sum, one) => sum + one, 0) / of.length
}
