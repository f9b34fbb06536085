import { err, ok } from '@huitong/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CommandKind, Outcome } from './command.ts'
import { CommandJob } from './job.ts'
import { linkedKind, linkedMember } from './linked.ts'
import { OutcomeMemory } from './outcome-memory.ts'
import type { TableDefinition } from './table.ts'
import { WorkingSet } from './working-set.ts'
import type { WorkingTable } from './working-table.ts'

const counters: TableDefinition<string, number> = {
  name: 'counters',
  residentRows: 10,
  load: async () => [],
  write: () => [],
}

let set: WorkingSet
let table: WorkingTable<string, number>
let add: CommandKind<{ readonly name: string; readonly amount: number }, { readonly now: number }>

beforeEach(() => {
  set = new WorkingSet()
  table = set.table(counters)
  set.begin({ number: 5, at: 1, accountingDay: '2026-11-22' }, 0)
  table.add('a', 1)
  table.add('b', 2)
  add = {
    name: 'test.add',
    need: ({ name }) => table.need(name),
    decide: ({ name, amount }) => {
      const now = (table.get(name) ?? 0) + amount
      table.put(name, now)
      // Refuses after it changed something, as a command with several steps may.
      return now > 10 ? err({ code: 'too_much', facts: { now: String(now) } }) : ok({ now })
    },
    form: ({ name, amount }) => `${name}+${amount}`,
    encode: (answer) => JSON.stringify(answer),
    decode: (text) => ({ now: Number(text) }),
  }
})

async function run(...members: (readonly [string, number])[]): Promise<Outcome<readonly string[]> | 'wait'> {
  const input = members.map(([name, amount]) => linkedMember({ kind: add, input: { name, amount } }))
  return new Promise((resolve) => {
    const job = new CommandJob(
      { kind: linkedKind, input },
      { set, outcomes: set.own((undo) => new OutcomeMemory(undo)) },
      resolve,
    )
    job.need()
    if (job.decide() === 'wait') resolve('wait')
    else job.settle()
  })
}

describe('a linked group', () => {
  it('decides its members in order, each on what the one before left', async () => {
    expect(await run(['a', 4], ['a', 5])).toMatchObject({ status: 'done', answer: ['{"now":5}', '{"now":10}'] })
    expect(table.get('a')).toBe(10)
  })

  it('takes back all its members when one refuses, and names that one', async () => {
    expect(await run(['a', 4], ['b', 5], ['a', 6], ['b', 1])).toEqual({
      status: 'refused',
      refusal: { code: 'too_much', facts: { now: '11', linked_index: '2' } },
      batch: 5,
      repeated: false,
    })
    expect([table.get('a'), table.get('b')]).toEqual([1, 2])
  })

  it('waits as a whole and leaves no trace when a member asks for a row that is not loaded', async () => {
    expect(await run(['a', 4], ['unloaded', 1])).toBe('wait')
    expect(table.get('a')).toBe(1)
    expect(set.hasWanted).toBe(true)
  })

  it('has a form that tells members, their kinds and their order apart', () => {
    const form = (...members: (readonly [string, number])[]) =>
      linkedKind.form(members.map(([name, amount]) => linkedMember({ kind: add, input: { name, amount } })))
    expect(form(['a', 1])).toBe('[["test.add","a+1"]]')
    expect(form(['a', 1], ['b', 2])).not.toBe(form(['b', 2], ['a', 1]))
  })

  it('remembers its answers as text', () => {
    const answers = ['{"now":5}', '"quoted"', '']
    expect(linkedKind.decode(linkedKind.encode(answers))).toEqual(answers)
  })
})

describe('a command that throws', () => {
  it('fails alone and takes back what it changed', async () => {
    const broken: CommandKind<string, string> = {
      name: 'test.broken',
      need: () => undefined,
      decide: () => {
        table.put('a', 99)
        set.newId(0)
        throw new Error('an invariant is broken')
      },
      form: (input) => input,
      encode: (answer) => answer,
      decode: (text) => text,
    }
    const outcome = await new Promise((resolve) => {
      const job = new CommandJob(
        { kind: broken, input: 'x' },
        { set, outcomes: set.own((undo) => new OutcomeMemory(undo)) },
        resolve,
      )
      expect(job.decide()).toBe('decided')
      job.settle()
    })
    expect(outcome).toEqual({ status: 'failed', message: 'test.broken: an invariant is broken' })
    expect([table.get('a'), set.lastCounter]).toEqual([1, 0])
  })
})
