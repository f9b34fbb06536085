import type { CustomerInitiationMessage } from '@huitong/iso20022'
import { CNY, invariant, parsePublicId, type Result } from '@huitong/kernel'
import { counted, spentToday } from './account.ts'
import { type BankRefusal, type BankRefusalCode, refuse } from './bank-refusals.ts'
import { AGREEMENT_ID } from './bank-views.ts'
import type { BankContext } from './context.ts'
import { type OrderReference, tellOrderer, tellStatus } from './order-status.ts'
import type { Payment } from './payment.ts'
import { send, type TransferTerms } from './send-command.ts'

/** How old an order may be that is not known yet, µs: whoever asks late once more learns how it stands, and nobody is charged by the question. */
const ORDER_LIFE = 300_000_000

/**
 * pain.001: a platform takes money by agreement: a net credit transfer to its account, within the limits of agreement and account. The same
 * order again changes nothing and is told how it stands; so the message is also the question.
 */
export function receiveOrder(context: BankContext, platform: string, message: CustomerInitiationMessage): string {
  const { payments, agreements } = context
  const [order] = message.orders
  const [transfer] = order?.transfers ?? []
  invariant(order !== undefined && transfer !== undefined, 'a message has an order, and an order a transfer')
  if (context.spoils('order_lost')) return 'lost'
  const { uetr, endToEndId, amount } = transfer
  const id = parsePublicId(AGREEMENT_ID, order.id)
  const reference = { platform, messageId: message.messageId, agreement: order.id, endToEndId, uetr: uetr ?? '' }
  if (uetr !== undefined) payments.need(uetr)
  if (id.ok) agreements.need(id.value)
  const before = uetr === undefined ? undefined : payments.get(uetr)
  if (before !== undefined) {
    const same = id.ok && before.agreement === id.value && before.amountMinor === amount.minor
    if (same && agreements.get(id.value)?.platform === platform)
      told(context, () => tellOrderer(context, before, id.value))
    else reject(context, reference, 'AM05')
    return 'repeated'
  }
  const strange = strangeReason(context, platform, message)
  if (strange !== undefined || uetr === undefined || !id.ok) {
    reject(context, reference, strange ?? 'MD01')
    return 'rejected'
  }
  const { creditorName, remittance = null } = transfer
  const terms = { amountMinor: amount.minor, payeeName: creditorName, remittance, uetr }
  const made = debit(context, { ...reference, agreement: id.value, terms })
  if (!made.ok) {
    reject(context, reference, REASONS[made.error.code] ?? 'MS03')
    return 'rejected'
  }
  told(context, () => tellOrderer(context, made.value, id.value))
  return 'accepted'
}

/** What cannot be an order, or comes too late: ExternalStatusReason1Code, in order of precedence. */
function strangeReason(
  { set }: BankContext,
  platform: string,
  { orders, createdAt }: CustomerInitiationMessage,
): string | undefined {
  const transfers = orders.flatMap((order) => order.transfers)
  const [transfer] = transfers
  if (orders.length !== 1 || transfers.length !== 1) return 'AM18'
  if (transfer?.creditorAgent !== platform) return 'RC04'
  if (transfer.amount.currency !== CNY) return 'AM03'
  return createdAt < set.batch.at - ORDER_LIFE ? 'TM01' : undefined
}

/** What of our refusals a platform is told, and as what. */
const REASONS: Partial<Readonly<Record<BankRefusalCode, string>>> = {
  agreement_not_found: 'MD01',
  agreement_not_active: 'MD01',
  amount_out_of_range: 'AM12',
  agreement_single_limit: 'AM02',
  agreement_day_limit: 'AM02',
  account_single_limit: 'AM02',
  account_day_limit: 'AM02',
  account_blocked: 'AC06',
  account_without_funds: 'AM04',
  day_not_in_calendar: 'TM01',
}

interface DebitOrder extends Omit<OrderReference, 'agreement'> {
  readonly agreement: number
  readonly terms: Pick<TransferTerms, 'amountMinor' | 'payeeName' | 'remittance' | 'uetr'>
}

function debit(
  context: BankContext,
  { platform, agreement: id, messageId, endToEndId, terms }: DebitOrder,
): Result<Payment, BankRefusal> {
  const { set, agreements, accounts } = context
  const { amountMinor } = terms
  const agreement = agreements.get(id)
  // Somebody else's agreement looks like none.
  if (agreement === undefined || agreement.platform !== platform) return refuse('agreement_not_found')
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (agreement.state !== 'active') return refuse('agreement_not_active')
  const day = set.batch.accountingDay
  if (amountMinor > agreement.singleMaxMinor) return refuse('agreement_single_limit')
  if (spentToday(agreement, day) + amountMinor > agreement.dayMaxMinor) return refuse('agreement_day_limit')
  accounts.need(agreement.account)
  const account = accounts.get(agreement.account)
  invariant(account !== undefined, 'an agreement is on an account that is there')
  const to = { mode: 'net' as const, payeeBank: platform, payeeAccount: agreement.platformAccount }
  const sent = send(context, account, { ...terms, ...to }, { agreement: id, messageId, endToEndId })
  if (sent.ok) agreements.put(id, { ...agreement, ...counted(agreement, day, amountMinor) })
  return sent
}

function reject(context: BankContext, reference: OrderReference, reason: string): void {
  told(context, () => tellStatus(context, reference, 'RJCT', reason))
}

/** Gives the answer, or loses it as a test ordered. */
function told(context: BankContext, tell: () => void): void {
  if (!context.spoils('order_answer_lost')) tell()
}
