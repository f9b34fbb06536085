import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowChange } from './table.ts'
import { WorkingSet } from './working-set.ts'
import { NotLoaded } from './working-table.ts'

/**
 * A table against the plainest one there is: a map that is copied at every savepoint. What is stored, what a batch sees, what is seen
 * outside and what is written must be the same, whatever is taken back, dropped, kept or let go in between.
 */
const KEYS = 6

type Step =
  | { readonly do: 'put'; readonly key: number; readonly row: string }
  | { readonly do: 'savepoint' | 'rollback' | 'commit' | 'abort' | 'acknowledge' | 'flush' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat({ max: KEYS - 1 }), row: fc.string() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('savepoint', 'rollback', 'commit', 'abort', 'acknowledge', 'flush'),
    }),
  },
)

async function run(steps: readonly Step[], residentRows: number, lazy: boolean): Promise<void> {
  const stored = new Map<number, string>([[0, 'zero']])
  /** What a durable batch left: loads see only this. */
  let written: readonly RowChange<number, string>[] = []
  const set = new WorkingSet()
  const table = set.table<number, string>({
    name: 'rows',
    residentRows,
    load: async (_, keys) => keys.flatMap((key) => (stored.has(key) ? [[key, stored.get(key) ?? '']] : [])),
    write: (_, changes) => {
      written = changes
      return []
    },
    ...(lazy ? { writeBack: { horizonMicros: 3, rowsPerBatch: 2, replay: async () => [] } } : {}),
  })
  const sql = Object.assign(() => expect.unreachable(), { unsafe: () => expect.unreachable() })
  let committed = new Map(stored)
  let seen = new Map(committed)
  let marks: { readonly mark: number; readonly seen: Map<number, string> }[] = []
  let number = 1
  const begin = () => {
    set.begin({ number, at: number, accountingDay: '2026-11-22' }, 0)
    marks = []
  }
  const look = async (key: number): Promise<string | undefined> => {
    for (;;) {
      try {
        return table.get(key)
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error
        await table.loadWanted(sql)
      }
    }
  }
  const send = (everything: boolean) => {
    written = []
    table.write(sql, number, everything)
    const unwritten = table.oldestUnwritten(number)
    set.commit()
    for (const { key, row, isNew } of written) {
      if (!lazy) expect(isNew).toBe(!stored.has(key))
      stored.set(key, row)
    }
    committed = seen
    seen = new Map(committed)
    if (unwritten === null) expect(stored).toEqual(committed)
    table.acknowledge()
    number += 1
    begin()
  }
  begin()
  for (const one of steps) {
    switch (one.do) {
      case 'put':
        await look(one.key)
        table.put(one.key, one.row)
        seen.set(one.key, one.row)
        break
      case 'savepoint':
        marks.push({ mark: set.savepoint(), seen: new Map(seen) })
        break
      case 'rollback': {
        const back = marks.pop()
        if (back === undefined) break
        set.rollbackTo(back.mark)
        seen = back.seen
        break
      }
      case 'commit':
        send(false)
        break
      case 'flush':
        send(true)
        break
      case 'abort':
        set.abort()
        seen = new Map(committed)
        begin()
        break
      case 'acknowledge':
        table.acknowledge()
        break
    }
    for (let key = 0; key < KEYS; key += 1) {
      expect([undefined, committed.get(key)]).toContain(table.peek(key))
      expect(await look(key)).toBe(seen.get(key))
    }
  }
  send(true)
  expect(stored).toEqual(committed)
}

describe('a table of the working set', () => {
  it.each([
    { residentRows: 0, lazy: false },
    { residentRows: 3, lazy: false },
    { residentRows: 100, lazy: false },
    { residentRows: 3, lazy: true },
    { residentRows: 100, lazy: true },
  ])('is a map with savepoints: $residentRows rows resident, written back late: $lazy', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => run(steps, kind.residentRows, kind.lazy)),
      { numRuns: 150 },
    )
  })
})
