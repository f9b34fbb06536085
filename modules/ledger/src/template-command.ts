import type { CommandKind, WorkingSet } from '@huitong/committer'
import { type CurrencyCode, canonicalJson, invariant, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { EntryLine } from './journal-entry.ts'
import { type EntryAnswer, entryAnswer, entryAnswerText } from './journal-entry-command.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { needTemplate, postTemplate, type TemplatePosting } from './template-post.ts'
import type { PublishRequest } from './template-shelf.ts'

interface PublishAnswer {
  readonly name: string
  readonly version: number
}

/** What a posting would do at this moment: its lines and transfers, or its refusal. */
export type TrialAnswer =
  | { readonly would: 'post'; readonly lines: readonly EntryLine[]; readonly transfers: readonly TrialTransfer[] }
  | { readonly would: 'refuse'; readonly refusal: LedgerRefusal }

interface TrialTransfer {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly currency: CurrencyCode
  /** Posted balances after it. */
  readonly debitBalanceMinor: bigint
  readonly creditBalanceMinor: bigint
}

export interface TemplateCommands {
  readonly publishTemplate: CommandKind<PublishRequest, PublishAnswer>
  readonly postTemplate: CommandKind<TemplatePosting, EntryAnswer>
  readonly tryTemplate: CommandKind<TemplatePosting, TrialAnswer>
}

export function createTemplateCommands(set: WorkingSet, books: Books): TemplateCommands {
  const form = ({ name, version, arguments: given, reference, raw }: TemplatePosting) =>
    canonicalJson({ name, version, arguments: given, reference, raw })
  return {
    publishTemplate: {
      name: 'ledger.publish-template',
      need: ({ name }) => books.templates.need(name),
      decide: (input) => {
        const published = books.templates.publish(input)
        return published.ok ? ok({ name: published.value.name, version: published.value.version }) : published
      },
      form: ({ name, definition, replaces }) => canonicalJson({ name, definition, replaces }),
      encode: ({ name, version }) => `${name} ${version}`,
      decode: (text) => {
        const [name = '', version] = text.split(' ')
        return { name, version: Number(version) }
      },
    },

    postTemplate: {
      name: 'ledger.post-template',
      need: (input) => needTemplate(books, input),
      decide: (input) => {
        const posted = postTemplate(books, input)
        return posted.ok ? ok(entryAnswer(posted.value, set.batch.number)) : posted
      },
      form,
      ...entryAnswerText,
    },

    /**
     * A posting that is decided like any other, among the commands of its batch and on what they left, and then taken back. So it tells
     * exactly what a posting in its place would have done; it adds nothing to the batch. It is never remembered: ask without a key.
     */
    tryTemplate: {
      name: 'ledger.try-template',
      need: (input) => needTemplate(books, input),
      decide: (input) => {
        const savepoint = set.savepoint()
        const posted = postTemplate(books, input)
        const answer: TrialAnswer = posted.ok
          ? {
              would: 'post',
              lines: posted.value.lines,
              transfers: posted.value.transfers.map((transfer) => ({
                ...{ debit: transfer.debit, credit: transfer.credit, amountMinor: transfer.amountMinor },
                currency: currencyOf(posted.value.lines, transfer.debit),
                ...{ debitBalanceMinor: transfer.debitBalanceMinor, creditBalanceMinor: transfer.creditBalanceMinor },
              })),
            }
          : { would: 'refuse', refusal: posted.error }
        set.rollbackTo(savepoint)
        return ok(answer)
      },
      form,
      encode: () => '',
      decode: () => {
        throw new Error('a trial is not remembered')
      },
    },
  }
}

function currencyOf(lines: readonly EntryLine[], account: number): CurrencyCode {
  const line = lines.find((one) => one.account === account)
  invariant(line !== undefined, 'a transfer of an entry is between accounts of its lines')
  return line.currency
}
