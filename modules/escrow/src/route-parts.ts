import type { CommandKind, Committer, Outcome } from '@huitong/committer'
import type { Caller } from '@huitong/contract'
import { type OutcomeRefusal, outcomeToReply, type RefusalAnswer, type RouteReply } from '@huitong/http'
import { customerOf, merchantOf, type Outlays, readId, tenderErrors } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { type EscrowBody, escrowBody, type Viewer } from './escrow-bodies.ts'
import type { EscrowKinds } from './escrow-kinds.ts'
import type { EscrowQueries } from './escrow-queries.ts'
import { ESCROW_REFUSALS, type EscrowRefusalCode, isEscrowRefusalCode } from './escrow-refusals.ts'
import { ESCROW_TRADE_ID, type EscrowTrade } from './escrow-trade.ts'
import type { EscrowAnswer, StepActor } from './step-kind.ts'

/** What this module's routes work with. */
export interface EscrowRouteParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly escrow: EscrowKinds
  /** Asks about payments at the door. */
  readonly outlays: Pick<Outlays, 'assess'>
  readonly queries: EscrowQueries
}

export const TAGS = ['Escrow'] as const
export const AS_MERCHANT = { callers: ['merchant'], scope: 'payments:write' } as const
export const AS_CUSTOMER = { callers: ['customer'], scope: 'payments:write' } as const
export const AS_EITHER = { callers: ['merchant', 'customer'], scope: 'payments:write' } as const
export const AS_JUDGE = { callers: ['staff'], scope: 'escrow:judge' } as const
export const READ = { callers: ['merchant', 'customer', 'staff'], scope: 'payments:read' } as const

const PartNumber = Type.Integer({ minimum: 1, maximum: 999 })
export const ByTrade = Type.Object({ id: Type.String({ maxLength: 40 }) })
export const ByShipment = Type.Object({ id: Type.String({ maxLength: 40 }), shipment: PartNumber })
export const ByDispute = Type.Object({ id: Type.String({ maxLength: 40 }), dispute: PartNumber })

export function tradeId(params: { readonly id: string }): number {
  return readId(ESCROW_TRADE_ID, params.id, 'escrow trade')
}

export function actorFor(caller: Caller): StepActor {
  switch (caller.kind) {
    case 'customer':
      return { kind: 'buyer', customer: customerOf(caller), id: caller.id }
    case 'merchant':
      return { kind: 'merchant', merchant: merchantOf(caller), id: caller.id }
    default:
      return { kind: 'staff', id: caller.id }
  }
}

export function viewerOf(caller: Caller): Viewer {
  return { kind: actorFor(caller).kind }
}

/** Whether the trade is one that the caller may see: their own, or any for staff. */
export function maySee(caller: Caller, trade: Pick<EscrowTrade, 'merchant' | 'buyer'>): boolean {
  if (caller.kind === 'staff') return true
  if (caller.kind === 'merchant') return caller.merchantId === trade.merchant
  return caller.kind === 'customer' && caller.customerId === trade.buyer
}

/** Submits one step for the caller and answers with the trade as it is afterwards. */
export async function takeStep<Input>(
  { committer }: EscrowRouteParts,
  kind: CommandKind<Input, EscrowAnswer>,
  input: Input,
  {
    caller,
    idempotencyKey,
    created,
  }: { readonly caller: Caller; readonly idempotencyKey: string; readonly created?: boolean },
): Promise<RouteReply<Static<typeof EscrowBody>>> {
  const outcome: Outcome<EscrowAnswer> = await committer.submit({
    kind,
    input,
    idempotency: { caller: caller.id, key: idempotencyKey },
  })
  const isNew = created === true && (outcome.status !== 'done' || outcome.answer.changed)
  return outcomeToReply(outcome, {
    status: isNew ? 201 : 200,
    done: ({ escrow }) => escrowBody(escrow, viewerOf(caller)),
    refused: escrowRefusalAnswer,
  })
}

/** The field of the native request that a refusal is about, where there is one. */
const REFUSED_FIELDS: Partial<Readonly<Record<EscrowRefusalCode, string>>> = {
  amount_out_of_range: 'amount.value',
  expiry_in_past: 'expiresAt',
  order_inconsistent: 'orderNumber',
  customer_not_found: 'customer',
  exceeds_unshipped: 'amount.value',
  exceeds_open: 'amount.value',
  offer_above_claim: 'refund.value',
  offer_changed: 'refund.value',
  judgement_changed: 'refund.value',
  refund_exceeds_released: 'amount.value',
}

/** How refusals are told over HTTP. */
function escrowRefusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isEscrowRefusalCode(refusal.code)) return undefined
  const { status, text } = ESCROW_REFUSALS[refusal.code]
  const field = REFUSED_FIELDS[refusal.code]
  return { status, detail: text, ...(field === undefined ? {} : { field }), errors: tenderErrors(refusal) }
}
