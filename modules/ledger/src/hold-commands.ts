import type { CommandKind } from '@huitong/committer'
import { err, ok } from '@huitong/kernel'
import type { AccountAnswer } from './account-commands.ts'
import type { Books } from './books.ts'
import { plainForm } from './posting-command.ts'
import { isOwn } from './subjects.ts'

interface ExtensionInput {
  readonly hold: number
  /** µs. */
  readonly expiresAt: number
  /** Told by staff, who must leave holds of customers and merchants alone. */
  readonly raw: boolean
}

export interface HoldCommands {
  readonly extendHold: CommandKind<ExtensionInput, { readonly hold: number }>
  readonly expireHold: CommandKind<{ readonly hold: number }, AccountAnswer>
  readonly expireHolds: CommandKind<{ readonly holds: readonly number[] }, { readonly ended: number }>
}

/** What becomes of holds by time. Their money is moved by postings. */
export function holdCommands(books: Books): HoldCommands {
  function isProtected(id: number): boolean {
    const account = books.account(id)
    return account !== undefined && !isOwn(account.subject)
  }

  return {
    extendHold: {
      name: 'ledger.extend-hold',
      need: ({ hold }) => books.needHold(hold),
      decide: ({ hold: id, expiresAt, raw }) => {
        const hold = books.hold(id)
        const account = raw && hold !== undefined ? [hold.debit, hold.credit].find(isProtected) : undefined
        if (account !== undefined) return err({ code: 'account_needs_approval', facts: { account: String(account) } })
        const extended = books.extendHold({ hold: id, expiresAt })
        return extended.ok ? ok({ hold: extended.value.id }) : extended
      },
      form: ({ hold, expiresAt, raw }) => plainForm({ hold, expiresAt, raw }),
      encode: (answer) => String(answer.hold),
      decode: (text) => ({ hold: Number(text) }),
    },

    expireHold: {
      name: 'ledger.expire-hold',
      need: (input) => books.needHold(input.hold),
      decide: (input) => {
        const ended = books.release({ hold: input.hold, reason: 'expiry' })
        return ended.ok ? ok({ account: ended.value.debit }) : ended
      },
      form: (input) => plainForm({ hold: input.hold }),
      encode: (answer) => String(answer.account),
      decode: (text) => ({ account: Number(text) }),
    },

    expireHolds: {
      name: 'ledger.expire-holds',
      need: ({ holds }) => {
        for (const id of holds) books.needHold(id)
      },
      decide: ({ holds }) => {
        // All accounts are asked for before the first is read: else each would have the batch decided anew.
        for (const id of holds) {
          const hold = books.hold(id)
          if (hold !== undefined) for (const account of [hold.debit, hold.credit]) books.needAccount(account)
        }
        // Each is looked at by itself: one that was captured meanwhile is no reason to leave the others.
        return ok({ ended: holds.filter((hold) => books.release({ hold, reason: 'expiry' }).ok).length })
      },
      form: ({ holds }) => plainForm({ holds: holds.join() }),
      encode: (answer) => String(answer.ended),
      decode: (text) => ({ ended: Number(text) }),
    },
  }
}
