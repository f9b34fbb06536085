import { loadavg } from 'node:os'
import type { Bench, BenchOptions } from '../bench-options.ts'
import { bareCommitBaseline } from '../ledger/baselines.ts'
import { lineOf, type Rate, round, rowOf } from '../row.ts'
import { audit } from './audit.ts'
import { drain } from './drain.ts'
import { openConnection } from './http-connection.ts'
import { requestMaker } from './http-request.ts'
import { registerPeople } from './people.ts'
import { cpuTimes } from './process-cpu.ts'
import { startServerProcess } from './server-process.ts'
import { Tally } from './tally.ts'
import { createWorkloads, type Workload } from './workloads.ts'

const CONNECTIONS = 128
/** Native payments at half of their own rate, at even times. */
const HALF = 'native-at-half'
/** A round pays for about so long; its codes, which live for a minute, are issued just before. */
const ROUND_SECONDS = 3
const FIRST_ROUND = 400
/** All customers together can hold 20,000 codes. */
const ROUND_MAX = 15_000

/**
 * Payments over HTTP on loopback, into the server as `npm start` runs it, from this process over kept connections. The rows take
 * turns of a few seconds, so that what else the machine does falls on all of them alike. Rows and goals: docs/concepts/performance.md.
 */
async function paymentsBench(options: BenchOptions): Promise<void> {
  const server = await startServerProcess()
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => openConnection(server.host, server.port)),
  )
  try {
    const make = requestMaker(server.host, server.port)
    const people = await registerPeople(server, connections, make)
    const all = createWorkloads({ connections, make, people, operatorToken: server.operatorToken })
    const wanted = (name: string) => options.only.length === 0 || options.only.includes(name)
    const workloads = all.filter(
      ({ name }) =>
        wanted(name) ||
        all.some((row) => wanted(row.name) && row.baseline === name) ||
        (name === 'native' && wanted(HALF)),
    )
    const tallies = new Map(workloads.map(({ name }) => [name, new Tally()]))
    const tallyOf = (name: string) => tallies.get(name) ?? new Tally()

    async function takeRound(workload: Workload, tally: Tally, count: number, pace?: number): Promise<void> {
      const jobs = await workload.prepare(count)
      const before = cpuTimes(server.pid, server.postmasterPid)
      const drained = await drain(connections, jobs, pace)
      tally.add(drained, before, cpuTimes(server.pid, server.postmasterPid))
    }

    const bare = await bareCommitBaseline(server.connection, 3)
    // Not counted: the first rounds compile the program and find out how long a round has to be.
    const sizes = new Map<string, number>()
    for (const count of [FIRST_ROUND, FIRST_ROUND * 4]) {
      for (const workload of workloads) {
        const warm = new Tally()
        await takeRound(workload, warm, Math.ceil(count / workload.requestsPerJob))
        sizes.set(workload.name, roundSize(warm.rate().perSecond / workload.requestsPerJob))
      }
    }
    while (workloads.some(({ name }) => tallyOf(name).seconds < options.seconds)) {
      for (const workload of workloads) {
        const tally = tallyOf(workload.name)
        if (tally.seconds >= options.seconds) continue
        await takeRound(workload, tally, sizes.get(workload.name) ?? FIRST_ROUND)
        sizes.set(workload.name, roundSize(tally.rate().perSecond / workload.requestsPerJob))
      }
    }
    const half = new Tally()
    const native = workloads.find(({ name }) => name === 'native')
    const pace = tallyOf('native').rate().perSecond / 2
    while (native !== undefined && wanted(HALF) && half.seconds < options.seconds)
      await takeRound(native, half, roundSize(pace), pace)

    const print = (name: string, rate: Rate, tally: Tally | undefined, baseline: string, perSecond: number) => {
      const row = rowOf(name, rate, baseline, perSecond)
      const cpu = tally?.cpuMicros() ?? {}
      process.stdout.write(`${options.json ? JSON.stringify({ ...row, ...cpu }) : `${lineOf(row)}  ${cpuText(cpu)}`}\n`)
    }
    print('bare-commit', bare, undefined, 'bare-commit', bare.perSecond)
    for (const { name, baseline } of workloads) {
      const base = baseline === 'bare-commit' ? bare : tallyOf(baseline).rate()
      print(name, tallyOf(name).rate(), tallyOf(name), baseline, base.perSecond)
    }
    if (half.seconds > 0) print(HALF, half.rate(), half, 'native', pace * 2)
    const load = loadavg().map(round).join(' ')
    process.stderr.write(`${await audit(server, people, connections, make)}\nload average ${load}\n`)
  } finally {
    for (const connection of connections) connection.close()
    await server.stop()
  }
}

export const PAYMENTS_BENCH: Bench = {
  about: 'Payments over HTTP, into a server of its own',
  rows: ['http-get', 'native', 'hot-merchant', 'gateway-do', 'escrow-mix', HALF],
  run: paymentsBench,
}

function roundSize(jobsPerSecond: number): number {
  return Math.max(200, Math.min(ROUND_MAX, Math.round(jobsPerSecond * ROUND_SECONDS)))
}

function cpuText(cpu: Readonly<Record<string, number>>): string {
  return Object.entries(cpu)
    .map(([name, micros]) => `${name} ${micros}`)
    .join('  ')
}
