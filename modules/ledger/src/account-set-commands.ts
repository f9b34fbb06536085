import type { CommandKind } from '@huitong/committer'
import { ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import { plainForm } from './posting-command.ts'

export interface AccountSetCommands {
  readonly createSet: CommandKind<{ readonly name: string; readonly parent: number | null }, { readonly set: number }>
  readonly addToSet: CommandKind<MembershipInput, { readonly set: number }>
  readonly removeFromSet: CommandKind<MembershipInput, { readonly set: number }>
}

interface MembershipInput {
  readonly set: number
  readonly account: number
}

const answer = {
  encode: ({ set }: { readonly set: number }) => String(set),
  decode: (text: string) => ({ set: Number(text) }),
}

export function createAccountSetCommands(books: Books): AccountSetCommands {
  const membership = {
    need: ({ set, account }: MembershipInput) => {
      books.sets.needSet(set)
      books.needAccount(account)
    },
    form: ({ set, account }: MembershipInput) => plainForm({ set, account }),
    ...answer,
  }
  return {
    createSet: {
      name: 'ledger.create-set',
      need: ({ parent }) => {
        if (parent !== null) books.sets.needSet(parent)
      },
      decide: ({ name, parent }) => {
        const created = books.sets.create(name, parent)
        return created.ok ? ok({ set: created.value.id }) : created
      },
      form: ({ name, parent }) => plainForm({ name, parent }),
      ...answer,
    },
    addToSet: {
      name: 'ledger.add-to-set',
      decide: ({ set, account }) => {
        const added = books.sets.add(set, books.account(account))
        return added.ok ? ok({ set }) : added
      },
      ...membership,
    },
    removeFromSet: {
      name: 'ledger.remove-from-set',
      decide: ({ set, account }) => {
        const removed = books.sets.remove(set, books.account(account))
        return removed.ok ? ok({ set }) : removed
      },
      ...membership,
    },
  }
}
