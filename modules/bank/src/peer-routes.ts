import { AmountText, type Caller, LineText, PublicId } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import { invariant, publicId } from '@huitong/kernel'
import { readPhone, type Vault } from '@huitong/party'
import Type from 'typebox'
import { AGREEMENT_STATES } from './agreement.ts'
import type { AgreementAnswer } from './agreement-commands.ts'
import { findAgreement } from './agreement-store.ts'
import { AGREEMENT_ID, yuan } from './bank-views.ts'
import { factorsOf } from './factors.ts'
import {
  type BankRouteParts,
  ById,
  bankRefusal,
  EndedBody,
  endedReply,
  NoBody,
  readId,
  readYuan,
} from './route-parts.ts'

const TAGS = ['Bank for platforms']
const PEER_READ = { callers: ['peer'], scope: 'bank:read' } as const
const PEER_WRITE = { callers: ['peer'], scope: 'bank:write' } as const

/** A platform's own number for what it asks. It stands in the body, which is signed, and not in a header, which is not. */
const Request = Type.String({ pattern: '^[0-9A-Za-z_-]{1,128}$', examples: ['card_0000000070w3-1'] })

const AnsweredBody = Type.Object(
  {
    agreement: Type.Union([PublicId(AGREEMENT_ID), Type.Null()]),
    state: Type.String(),
    matched: Type.Boolean({ description: 'False: what was sent does not belong together, or the code is wrong' }),
  },
  { $id: 'BankAgreementAnswer' },
)

/**
 * What wallet platforms ask of the bank directly: to bind an account, which its owner confirms with a code. Money is ordered by messages
 * (pain.001), by the agreement that comes of it.
 */
export function addPeerRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer, bank, vault, phones } = parts

  http.route({
    method: 'POST',
    url: '/v1/peer/bank/agreements',
    access: PEER_WRITE,
    summary: 'Ask to take money from an account: its owner gets a code when the four factors belong together',
    description:
      'Which factor was wrong is not told, and five wrong attempts a day end the trying. The same `request` again is the same agreement and the same code.',
    tags: TAGS,
    schema: {
      body: Type.Object({
        request: Request,
        account: Type.String({ pattern: '^\\d{16,19}$' }),
        legalName: LineText(64),
        documentNumber: Type.String({ minLength: 1, maxLength: 32 }),
        phone: Type.String({ minLength: 1, maxLength: 32 }),
        platformAccount: Type.String({ pattern: '^\\d{1,34}$', description: 'Where the platform wants the money' }),
        singleMax: AmountText,
        dayMax: AmountText,
      }),
      response: { 200: AnsweredBody },
    },
    handler: async ({ caller, body }) => {
      const platform = platformOf(caller)
      const { request, account, legalName, documentNumber, phone: text, platformAccount } = body
      if (phones === undefined)
        return problem(503, 'phones_not_connected', 'The bank has no way to its customers’ phones.')
      const phone = readPhone(text)
      const code = codeOf(vault, platform, request)
      const outcome = await committer.submit({
        kind: bank.bind,
        input: {
          ...{ platform, platformAccount, account },
          ...factorsOf(vault, { legalName, documentNumber, phone: text }),
          ...{ singleMaxMinor: readYuan('singleMax', body.singleMax), dayMaxMinor: readYuan('dayMax', body.dayMax) },
          codeHash: hashOf(vault, code),
        },
        idempotency: { caller: caller.id, key: `bind ${request}` },
      })
      if (outcome.status === 'done' && outcome.answer.matched && phone.ok) phones.send(phone.value, code)
      return answeredReply(outcome)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/peer/bank/agreements/:id/confirm',
    access: PEER_WRITE,
    summary: "The code of the account's owner: from then on the agreement is in force",
    tags: TAGS,
    schema: {
      params: ById,
      body: Type.Object({ request: Request, code: Type.String({ pattern: '^\\d{6}$' }) }),
      response: { 200: AnsweredBody },
    },
    handler: async ({ caller, params, body: { request, code } }) => {
      const agreement = readId(AGREEMENT_ID, params.id, 'agreement')
      const outcome = await committer.submit({
        kind: bank.confirmAgreement,
        input: { platform: platformOf(caller), agreement, codeHash: hashOf(vault, code) },
        idempotency: { caller: caller.id, key: `confirm ${request}` },
      })
      return answeredReply(outcome)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/peer/bank/agreements/:id/end',
    access: PEER_WRITE,
    summary: 'Take no more money by an agreement',
    tags: TAGS,
    schema: { params: ById, body: Type.Object({ request: Request }), response: { 200: EndedBody } },
    handler: async ({ caller, params, body: { request } }) => {
      const agreement = readId(AGREEMENT_ID, params.id, 'agreement')
      const outcome = await committer.submit({
        kind: bank.endAgreement,
        input: { agreement, by: { platform: platformOf(caller) } },
        idempotency: { caller: caller.id, key: `end ${request}` },
      })
      return endedReply(outcome)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/peer/bank/agreements/:id/enquire',
    access: PEER_READ,
    summary: 'How an agreement of one’s own stands',
    tags: TAGS,
    schema: {
      params: ById,
      body: NoBody,
      response: {
        200: Type.Object({
          agreement: PublicId(AGREEMENT_ID),
          state: Type.Enum([...AGREEMENT_STATES]),
          singleMax: AmountText,
          dayMax: AmountText,
        }),
      },
    },
    handler: async ({ caller, params }) => {
      const id = readId(AGREEMENT_ID, params.id, 'agreement')
      const found = await db.read((tx) => findAgreement(tx, id))
      if (found === undefined || found.platform !== platformOf(caller)) return notFound('agreement')
      const { state, singleMaxMinor, dayMaxMinor } = found
      const limits = { singleMax: yuan(singleMaxMinor), dayMax: yuan(dayMaxMinor) }
      return reply({ agreement: publicId(AGREEMENT_ID, id), state, ...limits })
    },
  })
}

function platformOf({ peerId }: Caller): string {
  invariant(peerId !== undefined, 'a peer that calls has a number')
  return peerId
}

/** Six digits that nobody can guess without our secret, and the same for the same request: who asks again gets no second code. */
function codeOf(vault: Pick<Vault, 'index'>, platform: string, request: string): string {
  const hash = vault.index('agreement-code', `${platform} ${request}`)
  return String(Number.parseInt(hash.slice(0, 12), 16) % 1_000_000).padStart(6, '0')
}

function hashOf(vault: Pick<Vault, 'index'>, code: string): string {
  return vault.index('agreement-code', code)
}

function answeredReply(outcome: Parameters<typeof endedReply>[0]) {
  const done = ({ id, state, matched }: AgreementAnswer) => ({
    ...{ agreement: id === 0 ? null : publicId(AGREEMENT_ID, id), state, matched },
  })
  return outcomeToReply(outcome, { done, refused: bankRefusal })
}
