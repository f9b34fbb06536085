import type { CommandKind, WorkingSet } from '@huitong/committer'
import { currencyCode, err, invariant, ok } from '@huitong/kernel'
import { type AccountAnswer, type AccountCommands, accountCommands } from './account-commands.ts'
import { type AccountSetCommands, createAccountSetCommands } from './account-set-commands.ts'
import { type AccountingCommands, createAccountingCommands } from './accounting-commands.ts'
import type { Books, OpenAccountRequest } from './books.ts'
import { type ExchangeInput, exchangeKind } from './exchange-command.ts'
import { type FreezeCommands, freezeCommands } from './freeze-commands.ts'
import { type HoldCommands, holdCommands } from './hold-commands.ts'
import { type ImportAnswer, type ImportInput, importKind } from './import-command.ts'
import { type EntryAnswer, type EntryInput, entryKind } from './journal-entry-command.ts'
import { createMetadataBook } from './metadata-book.ts'
import { createMetadataCommands, type MetadataCommands } from './metadata-command.ts'
import { type PostingAnswer, type PostingInput, plainForm, postingKind } from './posting-command.ts'
import type { PostingPolicy } from './posting-policy.ts'
import { postingPolicyKind } from './posting-policy-command.ts'
import { type RevaluationAnswer, type RevaluationInput, revaluationKind } from './revaluation-command.ts'
import { type CorrectionInput, correctionKind, type ReversalInput, reversalKind } from './reversal-command.ts'
import { type ScheduledPostingCommands, scheduledPostingCommands } from './scheduled-posting-commands.ts'
import { SUBJECTS } from './subjects.ts'
import { createTemplateCommands, type TemplateCommands } from './template-command.ts'
import { type YearEndCommands, yearEndCommands } from './year-end-commands.ts'

export interface LedgerCommands
  extends AccountingCommands,
    AccountCommands,
    AccountSetCommands,
    HoldCommands,
    FreezeCommands,
    MetadataCommands,
    ScheduledPostingCommands,
    TemplateCommands,
    YearEndCommands {
  readonly openAccount: CommandKind<OpenAccountRequest, AccountAnswer>
  readonly post: CommandKind<PostingInput, PostingAnswer>
  readonly exchange: CommandKind<ExchangeInput, EntryAnswer>
  readonly revalue: CommandKind<RevaluationInput, RevaluationAnswer>
  readonly setPostingPolicy: CommandKind<
    { readonly account: number; readonly policy: PostingPolicy },
    { readonly account: number }
  >
  readonly postEntry: CommandKind<EntryInput, EntryAnswer>
  readonly reverse: CommandKind<ReversalInput, PostingAnswer>
  readonly correct: CommandKind<CorrectionInput, PostingAnswer>
  readonly importLines: CommandKind<ImportInput, ImportAnswer>
}

const accountAnswer = {
  encode: (answer: AccountAnswer) => String(answer.account),
  decode: (text: string): AccountAnswer => ({ account: Number(text) }),
}

/** The ledger's own command kinds. Other modules move value in commands of their own, through the same books. */
export function createLedgerCommands(set: WorkingSet, books: Books): LedgerCommands {
  const metadata = createMetadataBook(set, books)
  const post = postingKind(books, metadata, () => set.batch.number)
  return {
    ...accountCommands(books),
    ...holdCommands(books),
    ...freezeCommands(books, () => set.batch.number),
    ...createAccountingCommands(books),
    ...createMetadataCommands(metadata),
    ...createAccountSetCommands(books),
    ...yearEndCommands(books),

    exchange: exchangeKind(books, () => set.batch.number),
    revalue: revaluationKind(books, () => set.batch.number),
    ...createTemplateCommands(set, books),
    setPostingPolicy: postingPolicyKind(books),
    postEntry: entryKind(books, () => set.batch.number),
    reverse: reversalKind(books, () => set.batch.number),
    correct: correctionKind(books, metadata, () => set.batch.number),
    post,
    ...scheduledPostingCommands(set, books, post),

    importLines: importKind(set, books),

    openAccount: {
      name: 'ledger.open-account',
      need: () => undefined,
      decide: (input) => {
        // Customers' accounts come with the customer, in commands of the modules that know him.
        if (SUBJECTS[input.subject].heldFor !== 'institution') {
          return err({ code: 'account_needs_approval', facts: { subject: input.subject } })
        }
        const opened = books.openAccount(input)
        return opened.ok ? ok({ account: opened.value.id }) : opened
      },
      form: (input) => plainForm({ ...input, floorMinor: input.floorMinor === null ? null : String(input.floorMinor) }),
      ...accountAnswer,
    },
  }
}

/** Opens accounts that every institution of this kind has, for the demo world and tests. */
export function ownAccount(subject: OpenAccountRequest['subject'], currency: string): OpenAccountRequest {
  const code = currencyCode(currency)
  invariant(code.ok, `${currency} is a currency`)
  return { slot: 0, subject, currency: code.value, owner: null, floorMinor: null }
}
