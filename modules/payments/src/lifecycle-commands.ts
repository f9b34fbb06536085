import type { CommandKind } from '@huitong/committer'
import type { ProofStrength } from '@huitong/contract'
import { canonicalJson, formatAmount, ok, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { LIFECYCLE, type LifecycleAction, lifecycleVerdict } from './lifecycle.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { payerLimit } from './payer-limit.ts'
import type { Purse } from './purse.ts'
import { SESSION_STRENGTH } from './session-strength.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import type { WalletTransfer } from './wallet-transfer.ts'
import { recordTransfer } from './wallet-transfer-make.ts'

export interface ClosureInput {
  readonly customer: number
  /** Who gets what is left: another customer, such as another account of the same person; null when nothing is. */
  readonly payTo: number | null
  /** How well the customer proved who they are; as a link does unless told. */
  readonly strength?: ProofStrength
}

export interface StatusInput {
  readonly customer: number
  readonly action: Exclude<LifecycleAction, 'close' | 'wake' | 'pay_estate'>
  /** Of the document or case that it follows from. */
  readonly reference: string
}

export interface EstateInput {
  readonly customer: number
  readonly heir: number
  /** Of the judgement or certificate of inheritance. */
  readonly reference: string
}

const LifecycleAnswer = Type.Object({ status: Type.String(), paidOut: Type.String(), changed: Type.Boolean() })
export type LifecycleAnswer = Static<typeof LifecycleAnswer>

const NOTHING = formatAmount(0n, WALLET_CURRENCY)
const codec = answerCodec(LifecycleAnswer)

function needClosing({ limits, party, purses, tables }: PaymentContext, customer: number, to: number | null): void {
  limits.needSpending(customer)
  party.needCodesOf(customer)
  for (const one of to === null ? [customer] : [customer, to]) {
    party.needCustomer(one)
    purses.needWallet(one)
  }
  tables.totals.need(WALLET_CURRENCY)
}

/** Why the wallet cannot be closed whoever gets the money. */
function unfinished({ purses }: PaymentContext, wallet: Purse): Result<null, PaymentRefusal> {
  const { frozen, promised } = purses.standing(wallet)
  if (frozen) return refuse('account_frozen')
  return promised ? refuse('money_promised') : ok(null)
}

/** Moves all that there is and closes the wallet, the codes and the customer, in this one commit. */
function closeOut(
  context: PaymentContext,
  wallet: Purse,
  { customer, to, cause, spend }: { customer: number; to: number | null; cause: string; spend?: ProofStrength },
): Result<LifecycleAnswer, PaymentRefusal> {
  const { set, party, purses, limits } = context
  const left = purses.availableMinor(wallet)
  if (left > 0n) {
    if (to === null) return refuse('money_left', { left: formatAmount(left, WALLET_CURRENCY) })
    if (to === customer) return refuse('payer_is_payee')
    const receiver = purses.wallet(to, 'payee')
    const owner = party.customer(to)
    if (receiver === undefined || owner === undefined) return refuse('payee_not_found')
    if (owner.status !== 'active') return refuse('payee_blocked')
    const id = set.newId(slotOf(customer))
    if (spend !== undefined) {
      const spent = payerLimit(limits.spend({ customer, strength: spend, amountMinor: left, reference: id }))
      if (!spent.ok) return spent
    }
    const moved = purses.move({ from: wallet, to: receiver, amountMinor: left, code: 'transfer', reference: id })
    if (!moved.ok) return moved
    const transfer: WalletTransfer = {
      id,
      payer: { kind: 'customer', id: customer },
      transferNumber: `${cause}:${id}`,
      ...{ payee: to, amountMinor: left, title: null, remark: null },
      ...{ currency: WALLET_CURRENCY, createdAt: set.batch.at },
    }
    recordTransfer(context, transfer)
  }
  purses.closeEmpty(wallet)
  party.revokePaymentCodes(customer)
  const closed = party.setCustomerStatus(customer, 'closed')
  if (!closed.ok) return refuse('lifecycle_not_allowed')
  return ok({ status: 'closed', paidOut: formatAmount(left, WALLET_CURRENCY), changed: true })
}

/** `payments.close-wallet`: by the customer. What is left goes to somebody whom they name, within the limits of any payment. */
export function closeWalletKind(context: PaymentContext): CommandKind<ClosureInput, LifecycleAnswer> {
  const { party, purses } = context
  return {
    name: 'payments.close-wallet',
    need: ({ customer, payTo }) => needClosing(context, customer, payTo),
    decide: ({ customer, payTo, strength = SESSION_STRENGTH }) => {
      const owner = party.customer(customer)
      const wallet = purses.wallet(customer, 'payer')
      if (owner === undefined || wallet === undefined) return refuse('customer_not_found')
      const verdict = lifecycleVerdict(owner.status, 'close')
      if (verdict === 'already') return ok({ status: 'closed', paidOut: NOTHING, changed: false })
      if (verdict === 'may_not') return refuse('lifecycle_not_allowed', { status: owner.status })
      const free = unfinished(context, wallet)
      if (!free.ok) return free
      // Money that may not leave a sleeping wallet may not leave it by closing either: its owner wakes it first.
      if (purses.standing(wallet).dormant) return refuse('payer_blocked')
      return closeOut(context, wallet, { customer, to: payTo, cause: 'closure', spend: strength })
    },
    form: ({ customer, payTo }) => canonicalJson({ customer, payTo }),
    ...codec,
  }
}

/** `payments.wake-wallet`: a wallet that did not move for long moves again, on its owner's word after a proof. */
export function wakeWalletKind({
  party,
  purses,
}: PaymentContext): CommandKind<{ readonly customer: number }, LifecycleAnswer> {
  return {
    name: 'payments.wake-wallet',
    need: ({ customer }) => {
      party.needCustomer(customer)
      purses.needWallet(customer)
    },
    decide: ({ customer }) => {
      const owner = party.customer(customer)
      const wallet = purses.wallet(customer, 'payer')
      if (owner === undefined || wallet === undefined) return refuse('customer_not_found')
      if (owner.status !== 'active') return refuse('lifecycle_not_allowed', { status: owner.status })
      return ok({ status: owner.status, paidOut: NOTHING, changed: purses.wake(wallet) })
    },
    form: ({ customer }) => canonicalJson({ customer }),
    ...codec,
  }
}

/** `payments.set-customer-state`: freezing, unfreezing, and a death that is known or was said in error. */
export function setCustomerStateKind({ party }: PaymentContext): CommandKind<StatusInput, LifecycleAnswer> {
  return {
    name: 'payments.set-customer-state',
    need: ({ customer }) => {
      party.needCustomer(customer)
      party.needCodesOf(customer)
    },
    decide: ({ customer, action }) => {
      const owner = party.customer(customer)
      if (owner === undefined) return refuse('customer_not_found')
      const { to } = LIFECYCLE[action]
      const verdict = lifecycleVerdict(owner.status, action)
      if (verdict === 'may_not') return refuse('lifecycle_not_allowed', { status: owner.status })
      if (verdict === 'already' || to === 'erased') return ok({ status: to, paidOut: NOTHING, changed: false })
      if (to !== 'active') party.revokePaymentCodes(customer)
      const changed = party.setCustomerStatus(customer, to)
      return changed.ok ? ok({ status: to, paidOut: NOTHING, changed: true }) : refuse('lifecycle_not_allowed')
    },
    form: ({ customer, action, reference }) => canonicalJson({ customer, action, reference }),
    ...codec,
  }
}

/** `payments.pay-estate`: all that somebody who died left goes to the heir whom a judgement names, and the account is closed. */
export function payEstateKind(context: PaymentContext): CommandKind<EstateInput, LifecycleAnswer> {
  const { party, purses } = context
  return {
    name: 'payments.pay-estate',
    need: ({ customer, heir }) => needClosing(context, customer, heir),
    decide: ({ customer, heir }) => {
      const owner = party.customer(customer)
      const wallet = purses.wallet(customer, 'payer')
      if (owner === undefined || wallet === undefined) return refuse('customer_not_found')
      const verdict = lifecycleVerdict(owner.status, 'pay_estate')
      if (verdict === 'already') return ok({ status: 'closed', paidOut: NOTHING, changed: false })
      if (verdict === 'may_not') return refuse('lifecycle_not_allowed', { status: owner.status })
      const free = unfinished(context, wallet)
      if (!free.ok) return free
      purses.wake(wallet)
      return closeOut(context, wallet, { customer, to: heir, cause: 'estate' })
    },
    form: ({ customer, heir, reference }) => canonicalJson({ customer, heir, reference }),
    ...codec,
  }
}
