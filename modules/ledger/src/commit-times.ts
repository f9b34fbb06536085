/** When the journal was known to have ended where. From this it is told how long a copy has lacked something. */
export interface CommitTimes {
  /** At `atMs` the last durable batch was `batch`. Times do not go back. */
  note(batch: number, atMs: number): void
  /**
   * For how long, at most, a copy that ends at `batch` has lacked a batch; 0 if it lacks none that is known of, undefined if that was
   * too long ago to be known.
   */
  behindMs(batch: number, nowMs: number): number | undefined
}

interface Sample {
  readonly batch: number
  /** The last time at which it was the newest. */
  atMs: number
}

/** Ten a second for two minutes: who is further behind than that is too far behind. */
const SAMPLES_MAX = 1200

export function createCommitTimes(): CommitTimes {
  const samples: Sample[] = []
  return {
    note: (batch, atMs) => {
      const last = samples.at(-1)
      if (last?.batch === batch) last.atMs = atMs
      else if (last === undefined || batch > last.batch) samples.push({ batch, atMs })
      if (samples.length > SAMPLES_MAX) samples.shift()
    },
    behindMs: (batch, nowMs) => {
      const newest = samples.at(-1)
      if (newest === undefined) return undefined
      // With nothing missing as of the last look, what came since can only be missing since then.
      if (newest.batch <= batch) return nowMs - newest.atMs > LOOK_OVERDUE_MS ? nowMs - newest.atMs : 0
      const before = samples.findLast((sample) => sample.batch <= batch)
      return before === undefined ? undefined : Math.max(0, nowMs - before.atMs)
    },
  }
}

/** Whoever notes does it every 100 ms. When nobody has done so for this long, nobody knows what is missing. */
const LOOK_OVERDUE_MS = 1000
