import type { CommandKind } from '@huitong/committer'
import { err, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { FreezeCause } from './freeze.ts'
import type { DeductionRequest, FreezeRequest } from './freezes.ts'
import { type PostingAnswer, plainForm } from './posting-command.ts'
import { isOwn } from './subjects.ts'

interface FreezeAnswer {
  readonly freeze: number
}

export interface FreezeCommands {
  readonly placeFreeze: CommandKind<FreezeRequest, FreezeAnswer>
  readonly liftFreeze: CommandKind<{ readonly freeze: number; readonly authority: FreezeCause }, FreezeAnswer>
  readonly expireFreezes: CommandKind<{ readonly freezes: readonly number[] }, { readonly ended: number }>
  readonly deduct: CommandKind<DeductionRequest, PostingAnswer>
}

const freezeAnswer = {
  encode: (answer: FreezeAnswer) => String(answer.freeze),
  decode: (text: string): FreezeAnswer => ({ freeze: Number(text) }),
}

export function freezeCommands(books: Books, batchNumber: () => number): FreezeCommands {
  return {
    placeFreeze: {
      name: 'ledger.place-freeze',
      need: ({ account }) => {
        books.needAccount(account)
        books.needFreezesOf(account)
      },
      decide: (input) => {
        const placed = books.placeFreeze(input)
        return placed.ok ? ok({ freeze: placed.value.id }) : placed
      },
      form: ({ account, cause, amountMinor, blocksIncoming, reference, expiresAt }) =>
        plainForm({
          ...{ account, cause, blocksIncoming, reference, expiresAt },
          amountMinor: amountMinor === null ? null : String(amountMinor),
        }),
      ...freezeAnswer,
    },

    liftFreeze: {
      name: 'ledger.lift-freeze',
      need: ({ freeze }) => books.needFreeze(freeze),
      decide: (input) => {
        const lifted = books.liftFreeze(input)
        return lifted.ok ? ok({ freeze: lifted.value.id }) : lifted
      },
      form: ({ freeze, authority }) => plainForm({ freeze, authority }),
      ...freezeAnswer,
    },

    expireFreezes: {
      name: 'ledger.expire-freezes',
      need: ({ freezes }) => {
        for (const id of freezes) books.needFreeze(id)
      },
      // Each is looked at by itself: one that was lifted meanwhile is no reason to leave the others.
      decide: ({ freezes }) => ok({ ended: freezes.filter((id) => books.expireFreeze(id).ok).length }),
      form: ({ freezes }) => plainForm({ freezes: freezes.join() }),
      encode: (answer) => String(answer.ended),
      decode: (text) => ({ ended: Number(text) }),
    },

    deduct: {
      name: 'ledger.deduct',
      need: ({ freeze, to }) => {
        books.needFreeze(freeze)
        books.needAccount(to)
      },
      decide: (input) => {
        const account = books.account(input.to)
        if (account !== undefined && !isOwn(account.subject)) {
          return err({ code: 'account_needs_approval', facts: { account: String(input.to) } })
        }
        const deducted = books.deduct(input)
        return deducted.ok ? ok({ batch: batchNumber(), transfers: [deducted.value.id] }) : deducted
      },
      form: ({ freeze, to, amountMinor, currency, reference }) =>
        plainForm({ freeze, to, amountMinor: String(amountMinor), currency, reference }),
      encode: (answer) => `[${answer.batch},${answer.transfers.join()}]`,
      decode: (text) => {
        const [batch, ...transfers] = text.slice(1, -1).split(',').map(Number)
        return { batch: batch ?? 0, transfers }
      },
    },
  }
}
