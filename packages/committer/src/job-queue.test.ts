import { ok } from '@huitong/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CommandKind } from './command.ts'
import { CommandJob, type Job } from './job.ts'
import { JobQueue } from './job-queue.ts'
import { OutcomeMemory } from './outcome-memory.ts'
import { WorkingSet } from './working-set.ts'

const set = new WorkingSet()
const outcomes = set.own((undo) => new OutcomeMemory(undo))

const named: CommandKind<string, string> = {
  name: 'test.named',
  need: () => undefined,
  decide: (input) => ok(input),
  form: (input) => input,
  encode: (answer) => answer,
  decode: (text) => text,
}

function job(name: string): Job {
  return new CommandJob({ kind: named, input: name }, { set, outcomes }, () => undefined)
}

function names(jobs: readonly Job[]): string {
  return jobs.map((one) => one.form()).join(' ')
}

let queue: JobQueue

beforeEach(() => {
  queue = new JobQueue({ interactive: 4, bulk: 2 })
})

function offer(lane: 'interactive' | 'bulk', ...given: string[]): readonly boolean[] {
  return given.map((name) => queue.offer(job(name), lane))
}

describe('the queue', () => {
  it('gives each lane out in the order of arrival', () => {
    offer('interactive', 'a', 'b', 'c')
    offer('bulk', 'x', 'y')
    expect(names(queue.takeInteractive(2))).toBe('a b')
    expect(names(queue.takeBulk(1))).toBe('x')
    expect(names(queue.takeInteractive(9))).toBe('c')
    expect(names(queue.takeBulk(9))).toBe('y')
    expect(queue.size).toBe(0)
  })

  it('is bounded lane by lane; a full lane takes nothing and the other still does', () => {
    expect(offer('bulk', 'x', 'y', 'z')).toEqual([true, true, false])
    expect(offer('interactive', 'a', 'b', 'c', 'd', 'e')).toEqual([true, true, true, true, false])
    expect([queue.sizeOf('interactive'), queue.sizeOf('bulk'), queue.size]).toEqual([4, 2, 6])
  })

  it('has room again once jobs were taken', () => {
    offer('bulk', 'x', 'y')
    queue.takeBulk(1)
    expect(offer('bulk', 'z')).toEqual([true])
    expect(names(queue.takeBulk(9))).toBe('y z')
  })

  it('gives out before all others what was put back, in its old order', () => {
    offer('interactive', 'a', 'b', 'c')
    const taken = queue.takeInteractive(2)
    offer('interactive', 'd')
    queue.putBack(taken)
    expect(names(queue.takeInteractive(9))).toBe('a b c d')
  })

  it('does not lose what comes after everything was taken at once', () => {
    offer('interactive', 'a')
    const taken = queue.takeInteractive(4)
    offer('interactive', 'b')
    expect(names(taken)).toBe('a')
    expect(names(queue.takeInteractive(4))).toBe('b')
  })

  it('takes nothing when nothing is asked for', () => {
    offer('interactive', 'a')
    offer('bulk', 'x')
    expect([...queue.takeInteractive(0), ...queue.takeBulk(0)]).toEqual([])
    expect(queue.size).toBe(2)
  })

  it('gives everything out at the end, interactive work first', () => {
    offer('bulk', 'x')
    offer('interactive', 'a')
    expect(names(queue.takeAll())).toBe('a x')
    expect(queue.size).toBe(0)
  })
})
