import { formatAmount } from '@huitong/kernel'
import { findCustomer, findMerchant } from '@huitong/party'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import type { CodePayee, IssuedCode } from './issued-code.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { maskedName } from './masked-name.ts'
import { orderCodeHash } from './order-code.ts'
import { selectCodedOrder } from './order-page-store.ts'
import type { StaticCode } from './static-code.ts'
import { type StaticCodeFilter, selectStaticCode, selectStaticCodes } from './static-code-store.ts'
import type { Payer } from './wallet-transfer.ts'

/** What a payer sees of a code before paying. Names come from the register, never from the code. */
export interface ResolvedCode {
  readonly kind: 'static' | 'order'
  readonly payeeKind: Payer['kind']
  readonly payeeName: string
  readonly payeeNumber: string
  /** The merchant that is paid; null for a person. */
  readonly merchant: number | null
  readonly subject: string | null
  /** Decimal text; null when the payer enters it. */
  readonly amount: string | null
}

export interface CodeQueries {
  /** Undefined for a code that is unknown, revoked or over. */
  resolve(code: IssuedCode, now: number): Promise<ResolvedCode | undefined>
  staticCode(reference: string): Promise<StaticCode | undefined>
  staticCodes(filter: StaticCodeFilter): Promise<readonly StaticCode[]>
  payee(owner: Payer): Promise<CodePayee>
}

export function createCodeQueries(db: InstitutionDatabase): CodeQueries {
  return {
    resolve: (code, now) =>
      db.read((tx) => (code.kind === 'static' ? resolveStatic(tx, code.reference) : resolveOrder(tx, code.token, now))),
    staticCode: (reference) => db.read((tx) => selectStaticCode(tx, reference)),
    staticCodes: (filter) => db.read((tx) => selectStaticCodes(tx, filter)),
    payee: (owner) => db.read((tx) => payeeOf(tx, owner)),
  }
}

async function payeeOf(tx: ReadTx, { kind, id }: Payer): Promise<CodePayee> {
  if (kind === 'merchant') {
    const merchant = await findMerchant(tx, id)
    return { name: merchant?.name ?? '', number: merchant?.sellerNumber ?? '' }
  }
  const customer = await findCustomer(tx, id)
  return { name: maskedName(customer?.displayName ?? ''), number: customer?.userNumber ?? '' }
}

async function resolveStatic(tx: ReadTx, reference: string): Promise<ResolvedCode | undefined> {
  const code = await selectStaticCode(tx, reference)
  if (code === undefined || code.state !== 'active') return undefined
  const { owner, label } = code
  const { name, number } = await payeeOf(tx, owner)
  return {
    kind: 'static',
    payeeKind: owner.kind,
    payeeName: name,
    payeeNumber: number,
    merchant: owner.kind === 'merchant' ? owner.id : null,
    subject: label === '' ? null : label,
    amount: null,
  }
}

async function resolveOrder(tx: ReadTx, token: string, now: number): Promise<ResolvedCode | undefined> {
  const order = await selectCodedOrder(tx, orderCodeHash(token))
  if (order === undefined || order.trade !== null || order.scannableUntil <= now) return undefined
  const { name, number } = await payeeOf(tx, { kind: 'merchant', id: order.merchant })
  return {
    ...{ kind: 'order', payeeKind: 'merchant', payeeName: name, payeeNumber: number },
    merchant: order.merchant,
    subject: order.subject,
    amount: formatAmount(order.totalMinor, WALLET_CURRENCY),
  }
}
