import { counterOf, InvariantError, slotOf } from '@huitong/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JournalLeaf, LogDefinition, TableDefinition } from './table.ts'
import type { WorkingLog } from './working-log.ts'
import { WorkingSet } from './working-set.ts'
import { NotLoaded, type WorkingTable } from './working-table.ts'

/** A table and a log that are never stored: this is about what happens in memory. */
function wallets(residentRows: number, writeBack = false): TableDefinition<number, string> {
  return {
    name: 'wallets',
    residentRows,
    load: async () => [],
    write: () => [],
    ...(writeBack ? { writeBack: { horizonMicros: 1000, rowsPerBatch: 10, replay: async () => [] } } : {}),
  }
}

const journal: LogDefinition<JournalLeaf> = { name: 'journal', append: () => [], leaf: (row) => row }

const FIRST = { number: 1, at: 1000, accountingDay: '2026-11-22' }

let set: WorkingSet
let table: WorkingTable<number, string>
let log: WorkingLog<JournalLeaf>

function start(residentRows = 100, writeBack = false): void {
  set = new WorkingSet()
  table = set.table(wallets(residentRows, writeBack))
  log = set.log(journal)
  set.begin(FIRST, 10)
}

beforeEach(() => start())

function enter(): void {
  log.add({ position: set.nextPosition(), bytes: Buffer.alloc(0) })
}

/** Of the leaves that the batch has so far. */
function positions(): readonly number[] {
  const leaves: string[] = []
  log.digest(leaves)
  return [...leaves.keys()]
}

describe('a savepoint', () => {
  it('gives back rows, ids, positions, log rows and the accounting day together', () => {
    table.add(1, 'kept')
    set.newId(7)
    enter()
    const savepoint = set.savepoint()
    table.put(1, 'changed')
    table.add(2, 'added')
    set.newId(7)
    enter()
    set.startAccountingDay('2026-11-23')
    set.rollbackTo(savepoint)
    expect(table.get(1)).toBe('kept')
    expect(() => table.get(2)).toThrow(NotLoaded)
    expect(set.lastCounter).toBe(11)
    expect(set.positions).toBe(1)
    expect(positions()).toEqual([0])
    expect(set.nextAccountingDay).toBe('2026-11-22')
  })

  it('gives an id out again that a refused command took', () => {
    const savepoint = set.savepoint()
    const refused = set.newId(3)
    set.rollbackTo(savepoint)
    const next = set.newId(9)
    expect(counterOf(next)).toBe(counterOf(refused))
    expect([slotOf(refused), slotOf(next)]).toEqual([3, 9])
  })

  it('leaves positions without a gap, whatever was taken back between them', () => {
    enter()
    for (let round = 0; round < 3; round += 1) {
      const savepoint = set.savepoint()
      enter()
      enter()
      set.rollbackTo(savepoint)
      enter()
    }
    expect(positions()).toEqual([0, 1, 2, 3])
  })

  it('nests', () => {
    const outer = set.savepoint()
    table.add(1, 'a')
    const inner = set.savepoint()
    table.put(1, 'b')
    table.put(1, 'c')
    set.rollbackTo(inner)
    expect(table.get(1)).toBe('a')
    set.rollbackTo(outer)
    expect(() => table.get(1)).toThrow(NotLoaded)
  })
})

describe('a batch', () => {
  it('takes ids from where the last one ended, and positions from 0', () => {
    expect(counterOf(set.newId(0))).toBe(11)
    enter()
    set.commit()
    set.begin({ ...FIRST, number: 2 }, set.lastCounter)
    expect(counterOf(set.newId(0))).toBe(12)
    expect(set.nextPosition()).toBe(0)
  })

  it('carries its rows over to the next one when it commits, and its log rows and new day not', () => {
    table.add(1, 'a')
    enter()
    set.startAccountingDay('2026-11-23')
    expect(set.batch.accountingDay).toBe('2026-11-22')
    set.commit()
    set.begin({ number: 2, at: 2000, accountingDay: '2026-11-23' }, 10)
    expect(table.get(1)).toBe('a')
    expect(positions()).toEqual([])
    expect(set.nextAccountingDay).toBe('2026-11-23')
  })

  it('leaves no trace when it is aborted', () => {
    table.add(1, 'old')
    set.commit()
    set.begin({ ...FIRST, number: 2 }, 10)
    table.put(1, 'new')
    table.add(2, 'new')
    enter()
    set.abort()
    set.begin({ ...FIRST, number: 2 }, 10)
    expect(table.get(1)).toBe('old')
    expect(() => table.get(2)).toThrow(NotLoaded)
    expect(positions()).toEqual([])
  })

  it('has changes of its own that nobody outside sees before it commits', () => {
    table.add(1, 'a')
    expect(table.peek(1)).toBeUndefined()
    set.commit()
    expect(table.peek(1)).toBe('a')
  })
})

describe('a row that is not in memory', () => {
  it('is asked for by reading it, and by announcing it', () => {
    expect(set.hasWanted).toBe(false)
    table.need(1)
    expect(set.hasWanted).toBe(true)
    set.abort()
    expect(set.hasWanted).toBe(false)
    expect(() => table.get(1)).toThrow(NotLoaded)
    expect(set.hasWanted).toBe(true)
  })

  it('must be read before it is replaced, so that a new row and a changed one are told apart', () => {
    expect(() => table.put(1, 'a')).toThrow(NotLoaded)
  })

  it('is not asked for when the batch or memory has it', () => {
    table.add(1, 'a')
    table.need(1)
    set.commit()
    set.begin({ ...FIRST, number: 2 }, 10)
    table.need(1)
    expect(set.hasWanted).toBe(false)
  })
})

describe('each item of a bulk', () => {
  it('is tried although an earlier one waits for rows, and what goes wrong after that is judged again', () => {
    start()
    const seen: number[] = []
    const read = (key: number) => {
      seen.push(key)
      if (key === 3) throw new InvariantError('decided without the rows of the others')
      table.get(key)
    }
    expect(() => set.each([1, 2, 3, 4], read)).toThrow(NotLoaded)
    expect(seen).toEqual([1, 2, 3, 4])
    expect(set.hasWanted).toBe(true)
  })

  it('ends the bulk at once when something is wrong with it and nothing is missing', () => {
    start()
    const seen: number[] = []
    const fail = (key: number) => {
      seen.push(key)
      throw new InvariantError('wrong')
    }
    expect(() => set.each([1, 2], fail)).toThrow(InvariantError)
    expect(seen).toEqual([1])
  })
})

describe('memory', () => {
  it('keeps a changed row until its batch is durable, even where no row is to stay', () => {
    start(0)
    table.add(1, 'a')
    set.commit()
    expect(table.peek(1)).toBe('a')
    table.acknowledge()
    expect(table.peek(1)).toBeUndefined()
  })

  it('lets the rows go first that no batch touched for longest', () => {
    start(2)
    for (const key of [1, 2]) table.add(key, 'a')
    set.commit()
    table.acknowledge()
    set.begin({ ...FIRST, number: 2 }, 10)
    table.put(1, 'b')
    table.add(3, 'a')
    set.commit()
    table.acknowledge()
    expect([1, 2, 3].map((key) => table.peek(key))).toEqual(['b', undefined, 'a'])
  })

  it('never lets a row go that is not written back yet, and knows the first batch of these', () => {
    start(1, true)
    for (const key of [1, 2, 3]) table.add(key, 'a')
    expect(table.oldestUnwritten(1)).toBe(1)
    set.commit()
    table.acknowledge()
    expect([1, 2, 3].map((key) => table.peek(key))).toEqual(['a', 'a', 'a'])
    set.begin({ ...FIRST, number: 2 }, 10)
    table.put(2, 'b')
    expect(table.oldestUnwritten(2)).toBe(1)
    set.commit()
    expect(table.oldestUnwritten(3)).toBe(1)
  })

  it('trusts nothing after it was told to forget', () => {
    start(100, true)
    table.add(1, 'a')
    set.commit()
    table.forget()
    expect(table.peek(1)).toBeUndefined()
    expect(table.oldestUnwritten(2)).toBeNull()
    set.begin({ ...FIRST, number: 2 }, 10)
    expect(() => table.get(1)).toThrow(NotLoaded)
  })
})

describe('a name', () => {
  it('belongs to one table and one log', () => {
    expect(() => set.table(wallets(1))).toThrow(InvariantError)
    expect(() => set.log(journal)).toThrow(InvariantError)
  })
})
