import { createHash } from 'node:crypto'
import { LineText } from '@huitong/contract'
import { badField, type HttpApp, HttpProblem, notFound, problem, reply } from '@huitong/http'
import { parsePublicId, publicId } from '@huitong/kernel'
import {
  findCustomer,
  findPersonKey,
  findPersonOfDocument,
  readDocumentNumber,
  readPhone,
  type WrappedKey,
} from '@huitong/party'
import { customerOf } from '@huitong/payments'
import Type from 'typebox'
import type { CardClaim } from './bank-desk.ts'
import { CARD_NUMBER, type Card } from './card.ts'
import { fingerprintOf, sealCard } from './card-secret.ts'
import { selectCard, selectCards } from './card-store.ts'
import { selectChannelBanks } from './channel-bank-store.ts'
import { CARD_ID, CardBankBody, CardBody, cardBankBody, cardBody, Member } from './channel-views.ts'
import { ById, CARD_TAGS, type ChannelRouteParts, NoBody, OWN_READ, OWN_WRITE, refusedReply } from './route-parts.ts'

/** Cards that customers bind: each their own. */
export function addCardRoutes(http: HttpApp, parts: ChannelRouteParts): void {
  const { db, committer, channels, desk } = parts

  http.route({
    method: 'GET',
    url: '/v1/me/card-banks',
    access: OWN_READ,
    summary: 'Banks whose cards can be bound, and what is asked for at most',
    tags: CARD_TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(CardBankBody) }) } },
    handler: async () => reply({ items: (await db.read(selectChannelBanks)).map(cardBankBody) }),
  })

  http.route({
    method: 'GET',
    url: '/v1/me/cards',
    access: OWN_READ,
    summary: "The caller's bank cards",
    tags: CARD_TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(CardBody) }) } },
    handler: async ({ caller }) => {
      const customer = customerOf(caller)
      return reply({ items: (await db.read((tx) => selectCards(tx, customer))).map(cardBody) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/cards',
    access: OWN_WRITE,
    summary: 'Bind a bank card: the bank compares four factors and sends a code to the phone that it knows',
    description:
      'The number is kept sealed, and shown by its last four digits. `503 bank_unreachable`: ask again with the same key, and nothing is done twice.',
    tags: CARD_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        bank: Member,
        number: Type.String({ pattern: CARD_NUMBER.source }),
        holder: LineText(64),
        documentNumber: Type.String({ maxLength: 32 }),
        phone: Type.String({ maxLength: 32 }),
      }),
      response: { 200: CardBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const { bank, number, holder } = body
      const claim = readClaim(body)
      const key = await keyOfOwner(parts, customer, claim.documentNumber)
      const fingerprint = fingerprintOf(parts.vault, customer, bank, number)
      const sealed = sealCard(parts.vault, key, { number, holder })
      const begun = await committer.submit({
        kind: channels.beginBinding,
        input: { customer, fingerprint, bank, tail: number.slice(-4), sealed },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      if (begun.status !== 'done') return refusedReply(begun)
      const { id, attempt } = begun.answer
      const card = await cardOf(parts, id, customer)
      // Answered before, or begun anew meanwhile: it stands as it stands.
      if (card.state !== 'binding' || card.attempt !== attempt) return reply(cardBody(card))
      const at = (await db.read(selectChannelBanks)).find(({ member }) => member === bank)
      const answer = at === undefined ? undefined : await desk.bind(at, claim, `${publicId(CARD_ID, id)}-${attempt}`)
      if (answer === undefined) return unreachable()
      const agreement = typeof answer === 'string' ? null : answer.agreement
      const noted = await committer.submit({ kind: channels.noteAgreement, input: { fingerprint, attempt, agreement } })
      if (noted.status !== 'done') return refusedReply(noted)
      if (answer === 'too_many_attempts') {
        return problem(429, 'too_many_attempts', 'The bank takes no more attempts today.')
      }
      if (answer === 'no_match') {
        return problem(422, 'factors_do_not_match', 'The bank says that this does not belong together.')
      }
      return reply(cardBody(await cardOf(parts, id, customer)))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/cards/:id/confirmation',
    access: OWN_WRITE,
    summary: 'Give the code that the bank sent: from then on money comes and goes by this card',
    tags: CARD_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ code: Type.String({ pattern: '^\\d{6}$' }) }),
      response: { 200: CardBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const card = await ownCard(parts, params.id, customer)
      const { fingerprint, attempt, agreement, bank } = card
      if (card.state === 'active') return reply(cardBody(card))
      if (card.state !== 'code_sent' || agreement === null) {
        return problem(409, 'card_changed', 'The card does not wait for a code.')
      }
      const answer = await desk.confirm(bank, agreement, body.code, requestOf(params.id, idempotencyKey, body.code))
      if (answer === undefined) return unreachable()
      if (answer === 'wrong_code') return problem(422, 'code_wrong', 'The code is wrong.')
      const kind = answer === 'over' ? channels.lapseBinding : channels.activateCard
      const ended = await committer.submit({ kind, input: { fingerprint, attempt } })
      if (ended.status !== 'done') return refusedReply(ended)
      if (answer === 'over') {
        return problem(409, 'code_expired', 'The code is no longer valid: bind the card once more.')
      }
      await parts.onBound(customer, params.id)
      return reply(cardBody(await cardOf(parts, card.id, customer)))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/cards/:id/end',
    access: OWN_WRITE,
    summary: 'Take a card away: nothing is taken by it any more, and the bank is told',
    tags: CARD_TAGS,
    idempotent: true,
    schema: { params: ById, body: NoBody, response: { 200: CardBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const customer = customerOf(caller)
      const card = await ownCard(parts, params.id, customer)
      const ended = await committer.submit({
        kind: channels.endCard,
        input: { customer, fingerprint: card.fingerprint },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      if (ended.status !== 'done') return refusedReply(ended)
      return reply(cardBody(await cardOf(parts, card.id, customer)))
    },
  })
}

function readClaim(body: {
  readonly number: string
  readonly holder: string
  readonly documentNumber: string
  readonly phone: string
}): CardClaim {
  const document = readDocumentNumber(body.documentNumber)
  if (!document.ok) throw badField('documentNumber', document.error, 'Not a resident identity number (GB 11643).')
  const phone = readPhone(body.phone)
  if (!phone.ok) throw badField('phone', phone.error, 'Not a phone number of the mainland.')
  return { number: body.number, holder: body.holder, documentNumber: document.value, phone: phone.value }
}

/** The key that a customer's card is sealed under. Somebody else's card is none to bind, where we know who the customer is. */
async function keyOfOwner(
  { db, vault }: ChannelRouteParts,
  customer: number,
  documentNumber: string,
): Promise<WrappedKey> {
  const { key, owner, person } = await db.read(async (tx) => ({
    key: await findPersonKey(tx, customer),
    owner: await findCustomer(tx, customer),
    person: await findPersonOfDocument(tx, vault.index('identity-document', documentNumber)),
  }))
  if (key === undefined || owner === undefined) throw notFound('customer')
  if (owner.person !== null && owner.person !== person) {
    throw new HttpProblem(422, 'card_of_somebody_else', 'Only cards of one’s own can be bound.')
  }
  return key
}

/** A customer's card by its public id; somebody else's looks like none. */
export async function ownCard(parts: Pick<ChannelRouteParts, 'db'>, text: string, customer: number): Promise<Card> {
  const id = parsePublicId(CARD_ID, text)
  if (!id.ok) throw notFound('card')
  return await cardOf(parts, id.value, customer)
}

async function cardOf({ db }: Pick<ChannelRouteParts, 'db'>, id: number, customer: number): Promise<Card> {
  const card = await db.read((tx) => selectCard(tx, id))
  if (card === undefined || card.customer !== customer) throw notFound('card')
  return card
}

/** Our number for what a bank is asked under a caller's key, which may have any characters. Another code is another question, under the same key too. */
function requestOf(card: string, key: string, code: string): string {
  return createHash('sha256').update(`${card} ${key} ${code}`, 'utf8').digest('hex')
}

function unreachable(): HttpProblem {
  return new HttpProblem(503, 'bank_unreachable', 'The bank does not answer. Ask again with the same key.', {
    headers: { 'retry-after': '5' },
  })
}
