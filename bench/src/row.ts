/** What a benchmark prints for one row. `ratio` is to a baseline of the same run. */
export interface Row {
  readonly name: string
  readonly per_s: number
  readonly baseline: string
  readonly baseline_per_s: number
  readonly ratio: number
  readonly p50_ms: number
  readonly p99_ms: number
  /** Of `day-close`: of the other seconds, and how much longer postings take around a close. */
  readonly baseline_p99_ms?: number
  readonly p99_more_ms?: number
  readonly max_ms?: number
  readonly baseline_max_ms?: number
  /** Of rows that verify: transfers that were replayed, in how many seconds, and the most memory of one verification. */
  readonly verify_transfers?: number
  readonly verify_s?: number
  readonly verify_peak_mb?: number
}

export interface Rate {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export function rowOf(name: string, measured: Rate, baseline: string, baselinePerSecond: number): Row {
  return {
    name,
    per_s: Math.round(measured.perSecond),
    baseline,
    baseline_per_s: Math.round(baselinePerSecond),
    ratio: baselinePerSecond === 0 ? 0 : round(measured.perSecond / baselinePerSecond),
    p50_ms: round(measured.p50Ms),
    p99_ms: round(measured.p99Ms),
  }
}

export function lineOf(row: Row): string {
  return `${row.name.padEnd(26)} ${String(row.per_s).padStart(8)}/s  ${row.ratio.toFixed(2).padStart(7)} × ${row.baseline} (${row.baseline_per_s}/s)  p50 ${row.p50_ms} ms  p99 ${row.p99_ms} ms${closeOf(row)}${verifyOf(row)}`
}

function closeOf({ p99_more_ms: more, max_ms: longest, baseline_max_ms: otherwise }: Row): string {
  return more === undefined ? '' : `  around a close ${more} ms more, longest ${longest} ms (else ${otherwise} ms)`
}

function verifyOf({ verify_transfers: transfers, verify_s: seconds, verify_peak_mb: peak }: Row): string {
  if (transfers === undefined || seconds === undefined) return ''
  const memory = peak === undefined ? '' : `, ${peak} MB at most`
  return `  ${transfers} transfers verified in ${seconds} s (${Math.round(transfers / Math.max(seconds, 0.001))}/s)${memory}`
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
