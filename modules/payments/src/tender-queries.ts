import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { balanceReader } from './balance-tender.ts'
import { discountTerms } from './discount-terms.ts'
import { selectTenderOrder } from './payments-read-store.ts'
import type { TenderChoice, TenderName, TenderOffer } from './tender.ts'
import { planTenders, type TenderPlan } from './tender-decide.ts'
import type { TenderReader } from './tender-port.ts'
import type { Trade } from './trade.ts'

/** What a payment would take if it were made now, and what else could pay for it. */
export interface TenderQuote {
  readonly choices: readonly TenderChoice[]
  readonly plan: TenderPlan
  /** Each instrument by itself with what it would give of the whole, best first; nothing of the balance. */
  readonly instruments: readonly TenderOffer[]
}

export interface TenderQueries {
  order(customer: number): Promise<readonly TenderName[] | undefined>
  /** For the buyer of a waiting trade; in the buyer's usual order unless `choices` say otherwise. */
  quote(trade: QuotedTrade, choices: readonly TenderChoice[] | null, now: number): Promise<TenderQuote>
}

type QuotedTrade = Pick<Trade, 'buyer' | 'merchant' | 'totalMinor' | 'details'>

/** The read side of tenders: judges by the same rules as the commands do, on what is committed. */
export function createTenderQueries(db: InstitutionDatabase, brought: readonly TenderReader[]): TenderQueries {
  const readers = [...brought, balanceReader]
  return {
    order: (customer) =>
      db.read(async (tx) => {
        const order = await selectTenderOrder(tx, customer)
        return order === undefined ? undefined : (order ?? ['balance'])
      }),
    quote: (trade, asked, now) => db.read((tx) => quote(tx, readers, trade, asked, now)),
  }
}

async function quote(
  tx: ReadTx,
  readers: readonly TenderReader[],
  { buyer, merchant, totalMinor, details }: QuotedTrade,
  asked: readonly TenderChoice[] | null,
  now: number,
): Promise<TenderQuote> {
  const terms = discountTerms(details)
  const ask = { payer: buyer, merchant, totalMinor, ...terms, now }
  const taken = ({ name }: Pick<TenderReader, 'name'>) => !terms.without.includes(name)
  const opened = new Map(
    await Promise.all(readers.filter(taken).map(async (reader) => [reader.name, await reader.open(tx, ask)] as const)),
  )
  const usual = async () => {
    const order = (await selectTenderOrder(tx, buyer)) ?? (['balance'] as const)
    return order.map((tender) => ({ tender, instrument: null }))
  }
  const choices = (asked ?? (await usual())).filter(({ tender }) => opened.has(tender))
  const offerOf = ({ tender, instrument }: TenderChoice, restMinor: bigint) =>
    opened.get(tender)?.offerOf(instrument, restMinor) ?? { ok: false as const, error: 'not_offered' }
  const instruments = [...opened].flatMap(([tender, { instruments: usable }]) =>
    usable.flatMap((instrument) => {
      const offered = offerOf({ tender, instrument }, totalMinor)
      return offered.ok ? [offered.value] : []
    }),
  )
  return { choices, plan: planTenders(totalMinor, choices, offerOf), instruments }
}
