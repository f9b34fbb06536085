// The measurement behind the decision on the ledger's storage shape: rows against packed records with a follower.
//
//   node bench/src/storage.ts [--preload 5000000] [--seconds 15] [--only R5,P3] [--set shared_buffers=2GB] [--json]
//
// Everything is durable: fsync, synchronous commit, data checksums, one commit per batch. Each variant starts from its own
// copy of the same preloaded database and from a checkpoint; it is warmed up for two seconds, then measured in three
// windows, whose median counts. Baselines run on the same server. Client and server share the machine.

import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Baseline, bareCommit, forUpdate, pgbench } from './storage/baselines.ts'
import { idleLatency } from './storage/idle.ts'
import { readHistory } from './storage/read-history.ts'
import { runVariant, TEMPLATE } from './storage/run-variant.ts'
import { startServer } from './storage/server.ts'
import { preload } from './storage/tables.ts'
import { VARIANTS } from './storage/variants.ts'

const { values: flags } = parseArgs({
  options: {
    preload: { type: 'string', default: '5000000' },
    seconds: { type: 'string', default: '15' },
    only: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    'skip-baselines': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (flags.help) {
  process.stdout.write(
    'node bench/src/storage.ts [--preload N] [--seconds N] [--only VARIANT,…] [--set SETTING=VALUE] [--skip-baselines] [--json]\n',
  )
  process.exit(0)
}
const seconds = Number(flags.seconds)
const only = flags.only?.split(',')
const say = (text: string): void => {
  if (!flags.json) process.stdout.write(`${text}\n`)
}
const tell = (object: object): void => {
  if (flags.json) process.stdout.write(`${JSON.stringify(object)}\n`)
}

const server = await startServer(
  process.env.HUITONG_BENCH_DIR,
  Object.fromEntries(
    flags.set.map((setting) => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]),
  ),
)
process.once('SIGINT', () => {
  void server.stop().then(() => process.exit(130))
})
try {
  const admin = server.connect('postgres')
  await admin.unsafe(`create database ${TEMPLATE}`)
  const template = server.connect(TEMPLATE)
  const started = performance.now()
  await preload(template, Number(flags.preload))
  await template.end()
  await admin`checkpoint`
  await admin.end()
  say(
    `${flags.preload} transfers preloaded in ${Math.round((performance.now() - started) / 1000)} s; ${availableParallelism()} cores`,
  )

  const baselines: Baseline[] = []
  const note = (baseline: Baseline | undefined): void => {
    if (baseline === undefined) return
    baselines.push(baseline)
    say(
      `${baseline.name.padEnd(32)} ${baseline.per_s.toFixed(0).padStart(8)}/s  p50 ${baseline.p50_ms.toFixed(2)} ms  p99 ${baseline.p99_ms.toFixed(2)} ms`,
    )
    tell(baseline)
  }
  if (!flags['skip-baselines']) {
    note(await bareCommit(server, 5))
    note(await pgbench(server, seconds))
    note(await forUpdate(server, seconds))
  }
  const rate = (name: string): number | undefined => baselines.find((baseline) => baseline.name.startsWith(name))?.per_s

  say('')
  say(
    'name                     per_s   ×pgbench ×for-update  p50 ms  p99 ms | µs a transfer: node  backend  server | WAL B | lag ms | load | µs by step',
  )
  for (const variant of VARIANTS) {
    if (only !== undefined && !only.includes(variant.name)) continue
    const measured = await runVariant(server, variant, seconds)
    const ratio = (base: number | undefined): string => (base === undefined ? '-' : (measured.per_s / base).toFixed(1))
    const [load = 0] = loadavg()
    const steps = Object.entries(measured.steps_us).map(([step, micros]) => `${step} ${micros.toFixed(1)}`)
    say(
      `${variant.name.padEnd(22)} ${String(measured.per_s).padStart(7)} ${ratio(rate('pgbench')).padStart(9)} ${ratio(rate('for-update')).padStart(11)} ${measured.p50_ms.toFixed(1).padStart(8)} ${measured.p99_ms.toFixed(1).padStart(7)} | ${measured.node_us.toFixed(1).padStart(18)} ${measured.backend_us.toFixed(1).padStart(8)} ${measured.server_us.toFixed(1).padStart(7)} | ${measured.wal_bytes.toFixed(0).padStart(5)} | ${measured.lag_ms_max.toFixed(0).padStart(6)} | ${load.toFixed(1)} | ${steps.join(', ')}`,
    )
    tell({
      ...measured,
      baseline: 'pgbench',
      baseline_per_s: rate('pgbench'),
      ratio: measured.per_s / (rate('pgbench') ?? Number.NaN),
    })
  }

  if (only === undefined || only.includes('idle')) {
    say('\nidle latency of a whole batch          size   p50 ms   p99 ms')
    for (const idle of [...(await idleLatency(server, 1)), ...(await readHistory(server))]) {
      say(
        `${idle.name.padEnd(36)} ${String(idle.batch).padStart(6)} ${idle.p50_ms.toFixed(2).padStart(8)} ${idle.p99_ms.toFixed(2).padStart(8)}`,
      )
      tell(idle)
    }
  }
} finally {
  await server.stop()
}
