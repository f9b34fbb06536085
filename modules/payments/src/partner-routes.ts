import { AmountText, CurrencyText, LineText } from '@huitong/contract'
import { importEd25519 } from '@huitong/formats'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { formatAmount } from '@huitong/kernel'
import { findAccount, normalBalance } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import Type from 'typebox'
import { WALLET_CURRENCY } from './limits.ts'
import { PARTNER_NAME, SETTLEMENT_DIRECTIONS } from './partner.ts'
import { selectPartner } from './partner-store.ts'
import { AmountBody, OwnNumber, type PaymentRouteParts, readAmount, refusalAnswer } from './route-parts.ts'

const TAGS = ['Partners'] as const
const ByPartner = Type.Object({ partner: Type.String({ maxLength: 20 }) })

const PartnerBody = Type.Object(
  {
    partner: Type.String(),
    name: Type.String(),
    baseUrl: Type.String(),
    currency: CurrencyText,
    owed: AmountText,
    owedMax: AmountText,
    owing: AmountText,
    owingMax: AmountText,
  },
  { $id: 'Partner' },
)

/** Institutions that pay each other's codes: how staff agree on it here. */
export function addPartnerRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, db, issuer } = parts

  http.route({
    method: 'POST',
    url: '/v1/partners',
    access: { callers: ['staff'], scope: 'party:write' },
    summary: 'Agree with another institution to pay each other’s codes, or change that',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        partner: Type.String({ pattern: PARTNER_NAME.source, description: 'Its name in its codes' }),
        name: LineText(64),
        baseUrl: Type.String({ maxLength: 256 }),
        publicKey: Type.String({ maxLength: 1024, description: 'Ed25519, SPKI in PEM' }),
        payableMax: AmountBody,
        receivableMax: AmountBody,
      }),
      response: { 201: Type.Object({ partner: Type.String() }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const { partner, name, baseUrl, publicKey } = body
      if (partner === issuer.institution) throw badField('partner', 'own', 'is this institution itself')
      if (!isApiAddress(baseUrl)) throw badField('baseUrl', 'url', 'must be an http or https address')
      if (!importEd25519(publicKey, 'public').ok) throw badField('publicKey', 'key', 'is not an Ed25519 public key')
      const outcome = await committer.submit({
        kind: payments.registerPartner,
        input: {
          ...{ partner, name, baseUrl, publicKey },
          payableMinorMax: readAmount(body.payableMax, 'payableMax'),
          receivableMinorMax: readAmount(body.receivableMax, 'receivableMax'),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: refusalAnswer })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/partners/:partner',
    access: { callers: ['staff'], scope: 'payments:read' },
    summary: 'A partner with what is owed to it and by it',
    tags: TAGS,
    schema: { params: ByPartner, response: { 200: PartnerBody } },
    handler: async ({ params }) => {
      const found = await db.read(async (tx) => {
        const partner = await selectPartner(tx, params.partner)
        if (partner === undefined) return undefined
        return {
          ...{ partner: partner.partner, name: partner.name, baseUrl: partner.baseUrl, currency: WALLET_CURRENCY },
          owed: await balanceOf(tx, partner.payableAccount),
          owedMax: formatAmount(partner.payableMinorMax, WALLET_CURRENCY),
          owing: await balanceOf(tx, partner.receivableAccount),
          owingMax: formatAmount(partner.receivableMinorMax, WALLET_CURRENCY),
        }
      })
      return found === undefined ? notFound('partner') : reply(found)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/partners/:partner/settlements',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary:
      'Note that money went to a partner’s bank, or came from it, or that what both owe each other was taken off',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByPartner,
      body: Type.Object({
        settlementNumber: OwnNumber,
        direction: Type.Enum([...SETTLEMENT_DIRECTIONS]),
        amount: AmountBody,
      }),
      response: { 201: Type.Object({ open: AmountText, changed: Type.Boolean() }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const { settlementNumber, direction, amount } = body
      const outcome = await committer.submit({
        kind: payments.settlePartner,
        input: { partner: params.partner, settlementNumber, direction, amountMinor: readAmount(amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: refusalAnswer })
    },
  })
}

function isApiAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

async function balanceOf(tx: ReadTx, account: number): Promise<string> {
  const found = await findAccount(tx, account)
  return formatAmount(found === undefined ? 0n : normalBalance(found.account, found.balance), WALLET_CURRENCY)
}
