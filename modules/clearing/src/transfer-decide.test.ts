import { CNY, currencyCode, invariant } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import { decideTransfer, type TransferView } from './transfer-decide.ts'

const member = (number: string, status: Participant['status'] = 'active'): Participant => ({
  ...{ member: number, name: number, status, account: 1, capMinor: 0n, coverHold: null, reservedMinor: 0n },
  admittedAt: 0,
})
const USD = currencyCode('USD')
invariant(USD.ok, 'the dollar is a currency')

const VIEW: TransferView = {
  transfer: {
    ...{ endToEndId: 'E1', uetr: 'u1', amount: { minor: 100n, currency: CNY }, chargeBearer: 'SLEV' },
    ...{ debtorAgent: 'A', creditorAgent: 'B' },
  },
  ...{ count: 1, sender: member('A'), payee: member('B') },
  ...{ sameUetr: undefined, sameMessageId: undefined, sameEndToEndId: undefined },
}
const PAYMENT: Payment = {
  ...{ reference: 'u1', id: 1, kind: 'transfer', original: null, uetr: 'u1', sender: 'A', payer: 'A', payee: 'B' },
  ...{ answerer: 'B', messageId: 'M1', message: 'pacs.008.001.08', forwardedAs: 'H1', instructionId: null },
  ...{ endToEndId: 'E1', transactionId: null, amountMinor: 100n, returnedMinor: 0n, mode: 'gross' },
  ...{ state: 'settled', reason: null, hold: null, window: null, receivedAt: 0, dueAt: 0, endedAt: 1 },
}
const OTHER = { ...PAYMENT, amountMinor: 101n }

/** Each row breaks its own rule and all that come after it, so that the order is tested too. */
const WRONG: readonly (readonly [string, Partial<TransferView>])[] = [
  ['message_id_reused', { sameMessageId: 'u1', sameUetr: OTHER }],
  ['not_one_transaction', { count: 2 }],
  ['uetr_reused', { sameUetr: PAYMENT }],
  ['end_to_end_id_reused', { sameEndToEndId: 'u0' }],
  ['sender_suspended', { sender: member('A', 'suspended') }],
  ['sender_not_debtor_agent', { transfer: { ...VIEW.transfer, debtorAgent: 'C', creditorAgent: 'A' } }],
  ['same_institution', { transfer: { ...VIEW.transfer, creditorAgent: 'A' } }],
  ['payee_unknown', { payee: undefined }],
  ['payee_suspended', { payee: member('B', 'suspended') }],
  ['currency_not_settled', { transfer: { ...VIEW.transfer, amount: { minor: 100n, currency: USD.value } } }],
]

describe('a credit transfer', () => {
  it.each(WRONG.map(([code], index) => [code, index] as const))('is refused: %s', (code, index) => {
    const changes = WRONG.slice(index).map(([, change]) => change)
    const broken: TransferView = Object.assign({}, VIEW, ...changes.toReversed())
    expect(decideTransfer(broken)).toEqual({ ok: false, error: code })
  })

  it('is the same again when nothing about it differs', () => {
    const again = decideTransfer({ ...VIEW, sameMessageId: 'u1', sameUetr: PAYMENT, sameEndToEndId: 'u1' })
    expect(again).toEqual({ ok: true, value: { taken: 'repeat', repeated: PAYMENT } })
  })

  it.each([
    [undefined, 'gross'],
    ['RTGS', 'gross'],
    ['RTNS', 'net'],
    ['MPNS', 'net'],
  ] as const)('settles by its channel: %s is %s', (channel, mode) => {
    const transfer = channel === undefined ? VIEW.transfer : { ...VIEW.transfer, channel }
    expect(decideTransfer({ ...VIEW, transfer })).toEqual({ ok: true, value: { taken: 'new', mode } })
  })
})
