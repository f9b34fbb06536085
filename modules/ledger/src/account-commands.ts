import type { CommandKind, Refusal } from '@huitong/committer'
import { err, ok, type Result } from '@huitong/kernel'
import type { Account, AccountState } from './account.ts'
import type { ReopenReason } from './account-changes.ts'
import type { Books } from './books.ts'
import { plainForm } from './posting-command.ts'
import { isOwn } from './subjects.ts'

export interface AccountAnswer {
  readonly account: number
}

export interface AccountCommands {
  readonly setFloor: CommandKind<FloorInput, AccountAnswer>
  readonly setCreditLimit: CommandKind<{ readonly account: number; readonly limitMinor: bigint }, AccountAnswer>
  readonly setCeiling: CommandKind<{ readonly account: number; readonly ceilingMinor: bigint | null }, AccountAnswer>
  readonly setState: CommandKind<
    { readonly account: number; readonly state: Exclude<AccountState, 'dormant'> },
    AccountAnswer
  >
  readonly reopen: CommandKind<{ readonly account: number; readonly reason: ReopenReason }, AccountAnswer>
  readonly setDormant: CommandKind<{ readonly account: number; readonly sequence: number }, AccountAnswer>
}

interface FloorInput {
  readonly account: number
  readonly floorMinor: bigint | null
  /** Told by staff, who must leave floors of customers and merchants alone: without one their accounts could owe any amount. */
  readonly raw?: boolean
}

interface Change {
  readonly account: number
}

/** Commands that change one account apart from its money. */
export function accountCommands(books: Books): AccountCommands {
  function kind<Input extends Change>(
    name: string,
    change: (input: Input) => Result<Account, Refusal>,
    fields: (input: Input) => Readonly<Record<string, string | number | boolean | null>>,
  ): CommandKind<Input, AccountAnswer> {
    return {
      name,
      need: ({ account }) => books.needAccount(account),
      decide: (input) => {
        const changed = change(input)
        return changed.ok ? ok({ account: changed.value.id }) : changed
      },
      form: (input) => plainForm({ account: input.account, ...fields(input) }),
      encode: (answer) => String(answer.account),
      decode: (text) => ({ account: Number(text) }),
    }
  }

  return {
    setFloor: kind(
      'ledger.set-floor',
      ({ account, floorMinor, raw }) => {
        const of = raw === true ? books.account(account) : undefined
        return of === undefined || isOwn(of.subject)
          ? books.setFloor(account, floorMinor)
          : err({ code: 'account_needs_approval', facts: { account: String(account) } })
      },
      ({ floorMinor, raw }) => ({ floorMinor: textOrNull(floorMinor), raw: raw === true }),
    ),
    setCreditLimit: kind(
      'ledger.set-credit-limit',
      ({ account, limitMinor }) => books.setCreditLimit(account, limitMinor),
      ({ limitMinor }) => ({ limitMinor: String(limitMinor) }),
    ),
    setCeiling: kind(
      'ledger.set-ceiling',
      ({ account, ceilingMinor }) => books.setCeiling(account, ceilingMinor),
      ({ ceilingMinor }) => ({ ceilingMinor: textOrNull(ceilingMinor) }),
    ),
    setState: kind(
      'ledger.set-state',
      ({ account, state }) => books.setState(account, state),
      ({ state }) => ({ state }),
    ),
    reopen: kind(
      'ledger.reopen-account',
      ({ account, reason }) => books.reopen(account, reason),
      ({ reason }) => ({ reason }),
    ),
    setDormant: kind(
      'ledger.set-dormant',
      ({ account, sequence }) => books.setDormant(account, sequence),
      ({ sequence }) => ({ sequence }),
    ),
  }
}

function textOrNull(minor: bigint | null): string | null {
  return minor === null ? null : String(minor)
}
