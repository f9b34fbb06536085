import type { CommandKind, Refusal } from '@huitong/committer'
import { type CurrencyCode, canonicalJson, err, ok, type Result } from '@huitong/kernel'
import type { Books } from './books.ts'
import { type Metadata, metadataData } from './metadata.ts'
import type { MetadataBook } from './metadata-book.ts'
import { isOwn } from './subjects.ts'
import type { TransferCode } from './transfer.ts'
import type { EntryRef } from './transfer-request.ts'

/** One leg of a posting. The legs of one posting stand or fall together and are decided in order. */
export type PostingLeg =
  | {
      readonly type: 'transfer' | 'hold'
      readonly debit: number
      readonly credit: number
      readonly amountMinor: bigint
      readonly currency: CurrencyCode
      readonly code: TransferCode
      readonly reference: number | null
      /** µs; only for a hold. */
      readonly expiresAt: number | null
      readonly metadata?: Metadata
      /** The accounting day that it belongs to when that is not the batch's; only for a transfer. */
      readonly effectiveOn?: string | null
    }
  | {
      readonly type: 'capture'
      readonly hold: number
      readonly amountMinor: bigint
      readonly final: boolean
      /** In which the amount was told; must then be that of the hold. */
      readonly currency?: CurrencyCode
      readonly metadata?: Metadata
    }
  | {
      readonly type: 'increase'
      readonly hold: number
      readonly amountMinor: bigint
      /** In which the amount was told; must then be that of the hold. */
      readonly currency?: CurrencyCode
      readonly metadata?: Metadata
    }
  | { readonly type: 'void'; readonly hold: number; readonly metadata?: Metadata }

export interface PostingInput {
  readonly legs: readonly PostingLeg[]
  /** Raw postings by staff must leave customers' and merchants' accounts alone. */
  readonly raw: boolean
}

export interface PostingAnswer {
  readonly batch: number
  /** Ids of the transfers, in the order of the legs. */
  readonly transfers: readonly number[]
}

/** `ledger.post`: value moves between accounts, at once or by holds. */
export function postingKind(
  books: Books,
  metadata: MetadataBook,
  batchNumber: () => number,
): CommandKind<PostingInput, PostingAnswer> {
  /** `entry` ties the transfers of several legs; a lone one stands for itself, and only it may wait for a summary. */
  function decideLeg(leg: PostingLeg, entry: EntryRef): Result<{ readonly id: number }, Refusal> {
    switch (leg.type) {
      case 'transfer':
        return entry === null ? books.transferByPolicy(leg) : books.transfer({ ...leg, entry })
      case 'hold':
        return books.placeHold(entry === null ? leg : { ...leg, entry })
      case 'capture':
        return inCurrencyOfHold(leg.hold, leg.currency)
          ? books.capture(entry === null ? leg : { ...leg, entry })
          : err({ code: 'currency_mismatch' })
      case 'increase':
        return inCurrencyOfHold(leg.hold, leg.currency)
          ? books.increase(entry === null ? leg : { ...leg, entry })
          : err({ code: 'currency_mismatch' })
      case 'void':
        return books.release({ hold: leg.hold, reason: 'void', entry })
    }
  }

  /** Minor units of one currency are not those of another. A hold that is not there is told about later. */
  function inCurrencyOfHold(id: number, currency: CurrencyCode | undefined): boolean {
    const hold = books.hold(id)
    const account = hold === undefined ? undefined : books.account(hold.debit)
    return currency === undefined || account === undefined || account.currency === currency
  }

  function isProtected(id: number): boolean {
    const account = books.account(id)
    return account !== undefined && !isOwn(account.subject)
  }

  /** The first customer's or merchant's account of a leg, if any. */
  function protectedAccount(leg: PostingLeg): number | undefined {
    const of = 'hold' in leg ? books.hold(leg.hold) : leg
    if (of === undefined) return undefined
    if (isProtected(of.debit)) return of.debit
    return isProtected(of.credit) ? of.credit : undefined
  }

  return {
    name: 'ledger.post',
    need: ({ legs }) => {
      for (const leg of legs) {
        if ('hold' in leg) {
          books.needHold(leg.hold)
        } else {
          books.needAccount(leg.debit)
          books.needAccount(leg.credit)
        }
      }
    },
    decide: ({ legs, raw }) => {
      const transfers: number[] = []
      let index = -1
      for (const leg of legs) {
        index += 1
        const account = raw ? protectedAccount(leg) : undefined
        if (account !== undefined) {
          return err({ code: 'account_needs_approval', facts: { leg: String(index), account: String(account) } })
        }
        const decided = decideLeg(leg, legs.length === 1 ? null : (transfers[0] ?? 'new'))
        if (!decided.ok) return err({ code: decided.error.code, facts: { ...decided.error.facts, leg: String(index) } })
        transfers.push(decided.value.id)
        if (leg.metadata !== undefined) metadata.setOnNewTransfer(decided.value.id, leg.metadata)
      }
      return ok({ batch: batchNumber(), transfers })
    },
    form: postingForm,
    keepsForm: true,
    difference: postingDifference,
    encode: (answer) => `[${answer.batch},${answer.transfers.join()}]`,
    decode: decodePosting,
  }
}

/** Written by hand: `canonicalJson` would cost more than the rest of the door together. Every field stands in a fixed place. */
function postingForm({ legs, raw }: PostingInput): string {
  let form = raw ? 'raw' : 'module'
  for (const leg of legs) form += `;${legForm(leg)}`
  return form
}

export function legForm(leg: PostingLeg): string {
  // Encoded, since its texts may contain the marks that keep the fields apart. A leg without metadata has no such field.
  return leg.metadata === undefined
    ? movementForm(leg)
    : `${movementForm(leg)},${encodeURIComponent(metadataData(leg.metadata))}`
}

function movementForm(leg: PostingLeg): string {
  switch (leg.type) {
    case 'transfer':
    case 'hold':
      // One field for both: a transfer does not expire, and a hold belongs to no day.
      return `${leg.type},${leg.debit},${leg.credit},${leg.amountMinor},${leg.currency},${leg.code},${leg.reference},${leg.effectiveOn ?? leg.expiresAt}`
    case 'capture':
      return `capture,${leg.hold},${leg.amountMinor},${leg.final},${leg.currency ?? ''}`
    case 'increase':
      return `increase,${leg.hold},${leg.amountMinor},${leg.currency ?? ''}`
    case 'void':
      return `void,${leg.hold}`
  }
}

const LEG_FIELDS: Readonly<Record<string, readonly string[]>> = {
  transfer: ['type', 'debit', 'credit', 'amount', 'currency', 'code', 'reference', 'effectiveOn', 'metadata'],
  hold: ['type', 'debit', 'credit', 'amount', 'currency', 'code', 'reference', 'expiresAt', 'metadata'],
  capture: ['type', 'hold', 'amount', 'final', 'currency', 'metadata'],
  increase: ['type', 'hold', 'amount', 'currency', 'metadata'],
  void: ['type', 'hold', 'metadata'],
}

/** Where two postings differ, as paths into the request. */
export function postingDifference(first: string, second: string): readonly string[] {
  const [, ...before] = first.split(';')
  const [, ...after] = second.split(';')
  if (before.length !== after.length) return ['legs']
  return before.flatMap((leg, index) => {
    const old = leg.split(',')
    const now = (after[index] ?? '').split(',')
    if (old[0] !== now[0]) return [`legs[${index}].type`]
    const names = LEG_FIELDS[old[0] ?? ''] ?? []
    return names.filter((_, place) => old[place] !== now[place]).map((name) => `legs[${index}].${name}`)
  })
}

function decodePosting(text: string): PostingAnswer {
  const [batch, ...transfers] = text.slice(1, -1).split(',').map(Number)
  return { batch: batch ?? 0, transfers }
}

/** Canonical form of inputs that are not on the hot path. */
export function plainForm(input: Readonly<Record<string, string | number | boolean | null>>): string {
  return canonicalJson(input)
}
