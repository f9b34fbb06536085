import type { SubjectCode } from '@huitong/ledger'
import type { OracleBooks } from '@huitong/oracle'
import type { Knowledge, OwnAccounts } from './knowledge.ts'
import type { LedgerWorld } from './ledger-world.ts'
import { SHARE_DEFINITION, SHARE_TEMPLATE } from './steps/posting-steps.ts'
import { CURRENCIES, type SimCurrency } from './steps/sides.ts'

/** A tree of sets and another one, by the number of the set above. */
const SETS: readonly (number | null)[] = [null, 0, 0, 1, null, 4]

/** What a run begins with, in the product and in the oracle. */
export async function openBooks(world: LedgerWorld, oracle: OracleBooks, accounts: number): Promise<Knowledge> {
  const ids: number[] = []
  const chosen: Record<SimCurrency, number[]> = { CNY: [], USD: [] }

  async function open(subject: SubjectCode, currency: SimCurrency, floor: number | null): Promise<number> {
    ids.push(await world.open(subject, CURRENCIES[currency], floor === null ? null : BigInt(floor)))
    const result = subject.startsWith('5') ? 'income' : null
    return oracle.open({ asset: subject.startsWith('1'), floor, currency, foreign: false, result })
  }
  const inBoth = async (subject: SubjectCode) => ({
    CNY: await open(subject, 'CNY', null),
    USD: await open(subject, 'USD', null),
  })

  const own: OwnAccounts = {
    ...{ fees: await open('5001', 'CNY', null), shares: await open('5007', 'CNY', null) },
    ...{ source: await inBoth('1002'), position: await inBoth('3002') },
    ...{ spread: await inBoth('5101'), retained: await inBoth('4002') },
  }
  // Some with credit lines, most with a floor of zero, one in eight in dollars.
  for (let index = 0; index < accounts; index += 1) {
    const currency = index % 8 === 6 ? 'USD' : 'CNY'
    const subject = index % 10 === 5 || index % 40 === 6 ? '1002' : '2003'
    chosen[currency].push(await open(subject, currency, index % 7 === 3 ? -100 : 0))
  }

  const { commands, committer } = world
  const sets: number[] = []
  for (const [index, parent] of SETS.entries()) {
    oracle.sets.create(parent)
    const input = { name: `Set ${index}`, parent: parent === null ? null : (sets[parent] ?? 0) }
    const created = await committer.submit({ kind: commands.createSet, input })
    if (created.status !== 'done') throw new Error(`no set: ${JSON.stringify(created)}`)
    sets.push(created.answer.set)
  }
  const template = { name: SHARE_TEMPLATE, definition: SHARE_DEFINITION, replaces: null }
  const published = await committer.submit({ kind: commands.publishTemplate, input: template })
  if (published.status !== 'done') throw new Error(`no template: ${JSON.stringify(published)}`)
  return { ids, chosen, own, sets, holds: [], transfers: [], entries: [], freezes: [], scheduled: [] }
}
