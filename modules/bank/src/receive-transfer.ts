import type { CreditTransfer, CreditTransferMessage } from '@huitong/iso20022'
import { CNY, invariant } from '@huitong/kernel'
import type { BankAccount } from './account.ts'
import type { BankContext } from './context.ts'
import { tellStatus } from './messages.ts'
import type { Payment } from './payment.ts'
import { ASK_AFTER } from './send-command.ts'

/** pacs.008: somebody pays our customer. The answer says whether the account takes it; the money comes with the settlement. */
export function receiveTransfer(context: BankContext, message: CreditTransferMessage): string {
  const { set, payments, accounts } = context
  const [transfer] = message.transfers
  invariant(transfer !== undefined, 'a message has a transfer')
  const { uetr, amount, creditorAccount } = transfer
  payments.need(uetr)
  const before = payments.get(uetr)
  if (before !== undefined) {
    const same = before.way === 'in' && before.amountMinor === amount.minor
    answer(context, before, same ? stands(before) : ['RJCT', 'AM05'])
    return 'repeated'
  }
  if (creditorAccount !== undefined) accounts.need(creditorAccount)
  const account = creditorAccount === undefined ? undefined : accounts.get(creditorAccount)
  const now = set.batch.at
  const payment: Payment = {
    ...{ reference: uetr, id: set.newId(0), kind: 'transfer', way: 'in', askedBy: 'them', original: null, uetr },
    ...{
      account: account?.number ?? null,
      peerBank: transfer.debtorAgent,
      peerAccount: transfer.debtorAccount ?? null,
    },
    ...{ peerName: transfer.debtorName ?? null, messageId: message.messageId },
    ...{ instructionId: transfer.instructionId ?? null, endToEndId: transfer.endToEndId },
    ...{ transactionId: transfer.transactionId ?? null, remittance: transfer.remittance ?? null, agreement: null },
    ...{ amountMinor: amount.minor, returnedMinor: 0n, mode: isNet(transfer) ? 'net' : 'gross', state: 'accepted' },
    ...{ reason: null, hold: null, cancellation: null, contradicted: false, inSuspense: false },
    ...{ madeAt: now, dueAt: now + ASK_AFTER, endedAt: null },
  }
  const reason = refusedReason(context, transfer, message.transfers.length, account)
  const held = reason === undefined && account !== undefined ? context.hold(payment, account) : undefined
  if (held === undefined || !held.ok) {
    const rejected: Payment = { ...payment, state: 'rejected', reason: reason ?? BLOCKED, endedAt: now }
    payments.put(uetr, rejected)
    answer(context, rejected, stands(rejected))
    return 'rejected'
  }
  payments.put(uetr, held.value)
  answer(context, held.value, stands(held.value))
  return 'accepted'
}

const BLOCKED = 'AC06'

/** Why the account does not take it: ExternalStatusReason1Code, in order of precedence. */
function refusedReason(
  context: BankContext,
  { creditorAgent, creditorName, amount }: CreditTransfer,
  count: number,
  account: BankAccount | undefined,
): string | undefined {
  const { member, books, party } = context
  if (count !== 1) return 'AM18'
  if (creditorAgent !== member) return 'RC04'
  if (amount.currency !== CNY) return 'AM03'
  if (account === undefined) return 'AC03'
  const state = books.account(context.ledgerAccount(account))?.state
  if (state === 'closed') return 'AC04'
  if (state !== 'open') return BLOCKED
  party.needCustomer(account.customer)
  const holder = party.customer(account.customer)
  if (holder === undefined || holder.status !== 'active') return BLOCKED
  return creditorName !== undefined && creditorName !== holder.displayName ? 'BE01' : undefined
}

function isNet({ channel }: CreditTransfer): boolean {
  return channel === 'RTNS' || channel === 'MPNS'
}

function stands({ state, reason }: Payment): readonly [string, string?] {
  return state === 'rejected' && reason !== null ? ['RJCT', reason] : ['ACTC']
}

/** Gives the answer, or spoils it as a test ordered. */
export function answer(context: BankContext, payment: Payment, [status, reason]: readonly [string, string?]): void {
  if (context.spoils('slow')) return
  tellStatus(context, payment, status, reason)
  if (context.spoils('duplicate_answer')) tellStatus(context, payment, status, reason)
  if (status !== 'RJCT' && context.spoils('late_reject')) tellStatus(context, payment, 'RJCT', BLOCKED)
}
