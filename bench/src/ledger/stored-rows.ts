import type { Row } from '../row.ts'
import { rowOf } from '../row.ts'
import type { BenchWorld } from './bench-world.ts'
import type { Ask, Measured } from './drive.ts'

/** A row that is measured on books with many transfers and on books with none, in the same run. */
export interface StoredRow {
  readonly name: string
  readonly clients: number
  readonly ask: (world: BenchWorld) => Ask
}

export type MeasureIn = (world: BenchWorld, ask: Ask, clients: number) => Promise<Measured>

/** Each on books of its own: what one row stores is not there when the next is measured. */
export async function measureEmpty(
  rows: readonly StoredRow[],
  start: () => Promise<BenchWorld>,
  measure: MeasureIn,
): Promise<ReadonlyMap<string, Measured>> {
  const measured = new Map<string, Measured>()
  for (const { name, clients, ask } of rows) {
    const world = await start()
    try {
      measured.set(name, await measure(world, ask(world), clients))
    } finally {
      await world.stop()
    }
  }
  return measured
}

/** The same on books that have their transfers. The ratio is of the rates. */
export async function measureStored(
  rows: readonly StoredRow[],
  world: BenchWorld,
  empty: ReadonlyMap<string, Measured>,
  measure: MeasureIn,
  print: (row: Row) => void,
): Promise<void> {
  for (const { name, clients, ask } of rows) {
    const measured = await measure(world, ask(world), clients)
    print(rowOf(name, measured, `${name.replace('stored-', '')} at empty`, empty.get(name)?.perSecond ?? 0))
  }
}
