import type { OracleAccount, OracleBooks } from '@huitong/oracle'
import type { Knowledge } from './knowledge.ts'
import type { LedgerWorld } from './ledger-world.ts'

interface Counters {
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

/** Every account and set, as the product shows them and as the oracle says; each difference as a sentence. */
export async function compareBooks(
  world: LedgerWorld,
  oracle: OracleBooks,
  knowledge: Knowledge,
): Promise<readonly string[]> {
  const problems: string[] = []
  const compare = (what: string, shows: string, should: string) => {
    if (shows !== should) problems.push(`${what} shows ${shows} and should ${should}`)
  }
  for (const [number, must] of oracle.core.accounts.entries()) {
    const { account, balance } = await world.account(knowledge.ids[number] ?? 0)
    compare(`account ${number}`, textOf(balance), textOf(countersOf([must])))
    const rules = `${account.state} ${account.floorMinor} ${account.restraints?.ceilingMinor ?? null}`
    compare(`account ${number}`, rules, `${must.state} ${must.floor} ${must.ceiling}`)
  }
  for (const [number, id] of knowledge.sets.entries()) {
    const members = oracle.sets.members(number)
    const balances = await world.setBalances(id)
    for (const currency of ['CNY', 'USD']) {
      const of = members.filter((one) => one.currency === currency)
      const found = balances.find((one) => one.currency === currency)
      const shows = found === undefined ? `0 of ${textOf(countersOf([]))}` : `${found.members} of ${textOf(found)}`
      compare(`set ${number} in ${currency}`, shows, `${of.length} of ${textOf(countersOf(of))}`)
    }
  }
  return problems
}

function countersOf(accounts: readonly OracleAccount[]): Counters {
  const sum = (of: (account: OracleAccount) => number) =>
    BigInt(accounts.reduce((total, account) => total + of(account), 0))
  return {
    ...{ debitsPosted: sum(({ debits }) => debits), creditsPosted: sum(({ credits }) => credits) },
    debitsPending: sum(({ debitsPending }) => debitsPending),
    creditsPending: sum(({ creditsPending }) => creditsPending),
  }
}

function textOf({ debitsPosted, creditsPosted, debitsPending, creditsPending }: Counters): string {
  return `${debitsPosted} ${creditsPosted} ${debitsPending} ${creditsPending}`
}
