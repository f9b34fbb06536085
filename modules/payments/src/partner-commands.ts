import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { type Partner, type PartnerSettlement, partnerKey } from './partner.ts'
import { decideAmount } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'

export interface RegisterPartnerInput {
  readonly partner: string
  readonly name: string
  readonly baseUrl: string
  readonly publicKey: string
  readonly payableMinorMax: bigint
  readonly receivableMinorMax: bigint
}

export const PartnerAnswer = Type.Object({ partner: Type.String() })
export type PartnerAnswer = Static<typeof PartnerAnswer>

/** `payments.register-partner`: makes the partner with its two positions, or changes its address, key and limits. */
export function registerPartnerKind({
  set,
  purses,
  tables,
}: PaymentContext): CommandKind<RegisterPartnerInput, PartnerAnswer> {
  return {
    name: 'payments.register-partner',
    need: ({ partner }) => tables.partners.need(partner),
    decide: (input) => {
      const before = tables.partners.get(input.partner)
      if (before !== undefined) tables.partners.put(input.partner, { ...before, ...input })
      else {
        const { payable, receivable } = purses.openPositions(input.partner)
        const positions = { payableAccount: payable, receivableAccount: receivable }
        const partner: Partner = { ...input, ...positions, registeredAt: set.batch.at }
        tables.partners.put(input.partner, partner)
      }
      return ok({ partner: input.partner })
    },
    form: ({ payableMinorMax, receivableMinorMax, ...rest }) =>
      canonicalJson({ ...rest, payable: payableMinorMax.toString(), receivable: receivableMinorMax.toString() }),
    ...answerCodec(PartnerAnswer),
  }
}

export type SettlePartnerInput = Omit<PartnerSettlement, 'settledAt'>

export const SettlementAnswer = Type.Object({ open: Type.String(), changed: Type.Boolean() })
export type SettlementAnswer = Static<typeof SettlementAnswer>

/**
 * `payments.settle-partner`: money went to the partner's bank, or came from it, and takes the position down. The number makes a repeat
 * harmless. More than is owed is refused: it would be somebody else's money. What both owe each other is `netted`: off both, and no money
 * moves.
 */
export function settlePartnerKind({
  set,
  purses,
  tables,
}: PaymentContext): CommandKind<SettlePartnerInput, SettlementAnswer> {
  return {
    name: 'payments.settle-partner',
    need: ({ partner, settlementNumber }) => {
      tables.partners.need(partner)
      tables.partnerSettlements.need(partnerKey(partner, settlementNumber))
      purses.needHouse('reserve')
    },
    decide: (input) => {
      const { partner: name, settlementNumber, direction, amountMinor } = input
      const partner = tables.partners.get(name)
      if (partner === undefined) return refuse('partner_not_found')
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      const payable = purses.position(partner.payableAccount)
      const receivable = purses.position(partner.receivableAccount)
      const reserve = purses.house('reserve')
      const { from, to } = {
        paid: { from: payable, to: reserve },
        received: { from: reserve, to: receivable },
        netted: { from: payable, to: receivable },
      }[direction]
      const position = direction === 'received' ? receivable : payable
      const key = partnerKey(name, settlementNumber)
      const before = tables.partnerSettlements.get(key)
      const open = (): string => formatAmount(purses.availableMinor(position), WALLET_CURRENCY)
      if (before !== undefined) {
        const same = before.direction === direction && before.amountMinor === amountMinor
        return same ? ok({ open: open(), changed: false }) : refuse('partner_inconsistent')
      }
      if (amountMinor > purses.availableMinor(position)) return refuse('settlement_above_position')
      // What goes out of the reserve, or off what the partner owes, is there too.
      if (direction !== 'received' && amountMinor > purses.availableMinor(to))
        return refuse('settlement_above_position')
      const moved = purses.move({ from, to, amountMinor, code: 'partner_settlement', reference: null })
      if (!moved.ok) return moved
      tables.partnerSettlements.put(key, { ...input, settledAt: set.batch.at })
      return ok({ open: open(), changed: true })
    },
    form: ({ amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(SettlementAnswer),
  }
}
