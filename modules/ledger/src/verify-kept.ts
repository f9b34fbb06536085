import { CheckpointFields, type CheckpointLine, CheckpointUnreadable, type Kept } from './checkpoint-line.ts'
import type { FreezeReplay } from './verify-freezes.ts'
import type { JournalReplay, Replays } from './verify-journal.ts'

interface Everything extends Replays {
  readonly freezes: FreezeReplay
  /** The accounts with their counters. */
  readonly balances: Kept
  readonly journal: JournalReplay
}

/**
 * The parts of a replay that a checkpoint is made of, in the order of its lines. A new part must be named here: `null` says that it
 * remembers nothing from one batch to the next.
 */
export function keptOf(all: Everything): readonly Kept[] {
  const parts: Record<keyof Everything, Kept | null> = {
    chain: all.chain,
    journal: all.journal,
    accounting: all.accounting,
    balances: all.balances,
    transfers: all.transfers,
    holds: all.holds,
    marks: all.marks,
    reversals: all.reversals,
    freezes: all.freezes,
    buffers: all.buffers,
    policies: all.policies,
    templates: all.templates,
    metadata: all.metadata,
    sets: all.sets,
    dayTotals: all.dayTotals,
    scheduled: all.scheduled,
    events: null,
    entries: null,
    liabilities: null,
    findings: null,
  }
  return Object.values(parts).filter((part) => part !== null)
}

/** After whole batches only. The last line counts the others. */
export function* saveKept(kept: readonly Kept[]): Generator<CheckpointLine> {
  let count = 0
  for (const part of kept) {
    for (const line of part.save()) {
      count += 1
      yield line
    }
  }
  yield ['end', count]
}

/** Into replays that have not begun yet. */
export async function loadKept(kept: readonly Kept[], lines: AsyncIterable<readonly string[]>): Promise<void> {
  const parts = new Map(kept.flatMap((part) => part.names.map((name) => [name, part] as const)))
  let count = 0
  let isWhole = false
  for await (const some of lines) {
    for (const line of some) {
      const fields = new CheckpointFields(line)
      if (fields.name === 'end') isWhole = fields.number() === count
      else {
        const part = parts.get(fields.name)
        if (part === undefined) throw new CheckpointUnreadable(`nothing is known of ${fields.name}`)
        part.load(fields)
        count += 1
      }
      fields.end()
    }
  }
  if (!isWhole) throw new CheckpointUnreadable('its end is missing')
}
