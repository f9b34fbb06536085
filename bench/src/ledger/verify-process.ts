import { constants, setPriority } from 'node:os'
import { verifyLedger } from '@huitong/ledger'
import { openDatabase } from '@huitong/pg'

/** Run by `verify-rows.ts` in a process of its own, as `huitong ledger verify` is; told by its arguments where the books are. */
setPriority(constants.priority.PRIORITY_LOW)
const [schema = '', connection = ''] = process.argv.slice(2)
const database = openDatabase(JSON.parse(connection))
const started = performance.now()
let replayed = 0

let isTold = false

function tell(facts: object): void {
  if (isTold) return
  isTold = true
  const seconds = (performance.now() - started) / 1000
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ ...facts, seconds, peak_mb: peakMb }))
}

// Stopped in the middle, it tells how far it came.
process.once('SIGTERM', () => {
  tell({ transfers: replayed, sound: true, finding: null })
  process.exit(0)
})

const report = await verifyLedger(database.institution(schema), {
  onProgress: ({ transfers }) => {
    replayed = transfers
  },
})
tell({ transfers: report.transfers, sound: report.sound, finding: report.findings[0] ?? null })
await database.close()
