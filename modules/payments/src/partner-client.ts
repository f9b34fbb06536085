import type { KeyObject } from 'node:crypto'
import { importEd25519, signHttpRequest, verifyHttpAnswer } from '@huitong/formats'
import { HttpProblem, notFound } from '@huitong/http'
import { type Clock, err, formatAmount, microsToIso, ok, publicId, type Result } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { WALLET_CURRENCY } from './limits.ts'
import type { Partner, PartnerPayment, PartnerRefund, PartnerTaking } from './partner.ts'
import { createPartnerCircuit } from './partner-circuit.ts'
import type { PartnerOutcome } from './partner-payment-commands.ts'
import { selectPartner } from './partner-store.ts'
import { isPaymentRefusalCode } from './trade-refusals.ts'

/*
 * Calls another institution's partner API. Requests and answers are signed (RFC 9421): an answer that is not signed by the partner for
 * this very request is none. Whatever is not a clear answer is unknown: no answer in time, a fault of theirs, words that are not understood.
 */

export const PartnerResolved = Type.Object({
  payeeKind: Type.Enum(['customer', 'merchant']),
  payeeName: Type.String({ minLength: 1, maxLength: 128 }),
  subject: Type.Union([Type.String({ maxLength: 128 }), Type.Null()]),
})
export const PartnerAccepted = Type.Object({ number: Type.String({ maxLength: 64 }) })
export const PartnerTaken = Type.Object({ number: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]) })
const Refused = Type.Object({ code: Type.String({ maxLength: 64 }) })

export type PartnerFault = 'institution_unknown' | 'not_found' | 'unreachable'

export interface PartnerClient {
  resolve(partner: string, reference: string): Promise<Result<Static<typeof PartnerResolved>, PartnerFault>>
  /** Undefined while nobody knows: ask again under the same number. */
  pay(payment: PartnerPayment): Promise<PartnerOutcome | undefined>
  refund(refund: PartnerRefund): Promise<PartnerOutcome | undefined>
  /** Asks whether the partner took something under a number of ours: its own number of that, or null when it did not. Undefined while nobody knows. */
  taken(kind: PartnerTaking, partner: string, number: string): Promise<string | null | undefined>
  /** Whether a partner at this address is left alone for a while, since it did not answer. */
  rests(baseUrl: string): boolean
}

export interface PartnerClientDeps {
  readonly db: InstitutionDatabase
  /** Our own name among partners, which our key goes by. */
  readonly institution: string
  readonly privateKey: KeyObject
  /** The time of the world outside, which signatures are judged by. */
  readonly wallClock: Clock
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 5_000

export function createPartnerClient(deps: PartnerClientDeps): PartnerClient {
  const { db, institution, privateKey, wallClock, timeoutMs = TIMEOUT_MS } = deps
  const circuit = createPartnerCircuit(wallClock)

  /** Undefined when there is no answer, or nobody is called because there was none lately. */
  async function post(
    { baseUrl, partner, publicKey }: Partner,
    path: string,
    request: object,
  ): Promise<{ status: number; body: unknown } | undefined> {
    const url = new URL(path, baseUrl).href
    const content = Buffer.from(JSON.stringify(request))
    const at = new Date(microsToIso(wallClock.now()))
    const headers = await signHttpRequest({ method: 'POST', url, body: content }, { id: institution, privateKey }, at)
    if (!circuit.mayCall(baseUrl)) return undefined
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await fetch(url, { method: 'POST', headers, body: content, redirect: 'error', signal })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const key = importEd25519(publicKey, 'public')
      const verified = await verifyHttpAnswer(
        { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes },
        { method: 'POST', url, body: content },
        (id) => (key.ok && id === partner ? key.value : undefined),
        new Date(microsToIso(wallClock.now())),
      )
      // Somebody in between, or a partner who is not set up: nobody knows what came of it.
      if (!verified.ok) throw new Error(verified.error)
      const body: unknown = JSON.parse(bytes.toString('utf8'))
      // Whoever only says that something is wrong over there gets no more calls than somebody who is silent.
      if (answer.status >= 500) circuit.silent(baseUrl)
      else circuit.answered(baseUrl)
      return { status: answer.status, body }
    } catch {
      circuit.silent(baseUrl)
      return undefined
    }
  }

  return {
    rests: circuit.rests,
    resolve: async (name, reference) => {
      const partner = await db.read((tx) => selectPartner(tx, name))
      if (partner === undefined) return err('institution_unknown')
      const answer = await post(partner, '/v1/partner/codes/resolve', { reference })
      if (answer?.status === 404) return err('not_found')
      const read = answer?.status === 200 ? readAs(PartnerResolved, answer.body) : undefined
      return read === undefined ? err('unreachable') : ok(read)
    },
    pay: async ({ id, partner, reference, amountMinor, payeeName }) =>
      asked(partner, 'payments', {
        ...{ paymentNumber: publicId('ppay', id), reference, amount: amountText(amountMinor), payeeName },
      }),
    refund: async ({ id, receipt, partner, paymentNumber, amountMinor }) =>
      asked(partner, 'refunds', {
        ...{ refundNumber: publicId('prfd', id), paymentNumber, receiptNumber: publicId('prcp', receipt) },
        amount: amountText(amountMinor),
      }),
    taken: async (kind, name, number) => {
      const partner = await db.read((tx) => selectPartner(tx, name))
      if (partner === undefined) return undefined
      const answer = await post(partner, `/v1/partner/${kind}/enquire`, { number })
      return answer?.status === 200 ? readAs(PartnerTaken, answer.body)?.number : undefined
    },
  }

  /** Asks for a payment or a refund under its number; undefined while nobody knows what came of it. */
  async function asked(name: string, kind: PartnerTaking, content: object): Promise<PartnerOutcome | undefined> {
    const partner = await db.read((tx) => selectPartner(tx, name))
    if (partner === undefined) return undefined
    const answer = await post(partner, `/v1/partner/${kind}`, content)
    if (answer === undefined) return undefined
    if (answer.status === 200 || answer.status === 201) {
      const accepted = readAs(PartnerAccepted, answer.body)
      return accepted === undefined ? undefined : { state: 'paid', theirNumber: accepted.number }
    }
    // Only a refusal out of the list that we share is a no. Everything else may be a yes that was lost.
    const refused = readAs(Refused, answer.body)
    if (refused === undefined || !isPaymentRefusalCode(refused.code)) return undefined
    return { state: 'refused', refusal: refused.code }
  }
}

function amountText(minor: bigint) {
  return { currency: WALLET_CURRENCY, value: formatAmount(minor, WALLET_CURRENCY) }
}

function readAs<S extends TSchema>(schema: S, value: unknown): Static<S> | undefined {
  return Value.Check(schema, value) ? value : undefined
}

/** How a fault on the way to a partner is told to our customer. */
export function partnerFault(fault: PartnerFault): HttpProblem {
  switch (fault) {
    case 'institution_unknown':
      return new HttpProblem(
        400,
        'invalid_request',
        'code: The code is of an institution that is not paid from here.',
        {
          errors: [
            { field: 'code', rule: 'institution_unknown', message: 'of an institution that is not paid from here' },
          ],
        },
      )
    case 'not_found':
      return notFound('code')
    case 'unreachable':
      return new HttpProblem(503, 'partner_unreachable', 'The other institution does not answer. Try again later.', {
        headers: { 'retry-after': '10' },
      })
  }
}
