import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { PostingPolicy } from './posting-policy.ts'

/** `ledger.set-posting-policy`: whether an account of the institution's own is posted to at once or once a day. */
export function postingPolicyKind(
  books: Books,
): CommandKind<{ readonly account: number; readonly policy: PostingPolicy }, { readonly account: number }> {
  return {
    name: 'ledger.set-posting-policy',
    need: ({ account }) => books.needAccount(account),
    decide: ({ account, policy }) => {
      const set = books.setPolicy(account, policy)
      return set.ok ? ok({ account: set.value.id }) : set
    },
    form: ({ account, policy }) => canonicalJson({ account, policy }),
    encode: ({ account }) => String(account),
    decode: (text) => ({ account: Number(text) }),
  }
}
