import { describe, expect, it } from 'vitest'
import { UndoLog } from './undo-log.ts'

/** A list of letters whose every change can be taken back. */
function recorded() {
  const undo = new UndoLog()
  const letters: string[] = []
  const add = (letter: string) => {
    undo.push(() => letters.splice(letters.lastIndexOf(letter), 1))
    letters.push(letter)
  }
  return { undo, letters, add }
}

describe('the undo log', () => {
  it('takes back what came after a savepoint and nothing before it', () => {
    const { undo, letters, add } = recorded()
    add('a')
    const mark = undo.mark()
    add('b')
    add('c')
    undo.rollbackTo(mark)
    expect(letters).toEqual(['a'])
  })

  it('takes changes back newest first', () => {
    const undo = new UndoLog()
    const order: number[] = []
    for (const step of [1, 2, 3]) undo.push(() => order.push(step))
    undo.rollbackTo(0)
    expect(order).toEqual([3, 2, 1])
  })

  it('nests: an outer savepoint still takes back what an inner one kept', () => {
    const { undo, letters, add } = recorded()
    const outer = undo.mark()
    add('a')
    const inner = undo.mark()
    add('b')
    undo.rollbackTo(inner)
    add('c')
    expect(letters).toEqual(['a', 'c'])
    undo.rollbackTo(outer)
    expect(letters).toEqual([])
  })

  it('takes a change back once only', () => {
    const undo = new UndoLog()
    let taken = 0
    undo.push(() => {
      taken += 1
    })
    undo.rollbackTo(0)
    undo.rollbackTo(0)
    expect(taken).toBe(1)
  })

  it('forgets at the end of a batch', () => {
    const { undo, letters, add } = recorded()
    add('a')
    undo.clear()
    undo.rollbackTo(0)
    expect(letters).toEqual(['a'])
    expect(undo.mark()).toBe(0)
  })
})
