import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { YearCloseRequest, YearReopenRequest } from './year-ends.ts'

/** Whether nothing is left to close, or nothing left to take back. */
interface YearAnswer {
  readonly done: boolean
}

export interface YearEndCommands {
  readonly closeYear: CommandKind<YearCloseRequest, YearAnswer>
  readonly reopenYear: CommandKind<YearReopenRequest, YearAnswer>
}

/** `ledger.close-year` and `ledger.reopen-year`: each carries, or takes back, so much that payments are decided in between. */
export function yearEndCommands(books: Books): YearEndCommands {
  return {
    closeYear: {
      name: 'ledger.close-year',
      need: ({ results }) => {
        books.needYears()
        books.needYearAccounts(results)
      },
      decide: (request) => {
        const closed = books.closeYear(request)
        return closed.ok ? ok({ done: closed.value.complete }) : closed
      },
      form: ({ year, revision, results, complete, by }) =>
        canonicalJson({
          ...{ year, revision, complete, by },
          results: results.map(({ account, amountMinor }) => `${account} ${amountMinor}`).join(),
        }),
      ...answerText,
    },

    reopenYear: {
      name: 'ledger.reopen-year',
      need: () => books.needYears(),
      decide: (request) => {
        const opened = books.reopenYear(request)
        return opened.ok ? ok({ done: opened.value.entries.length === 0 }) : opened
      },
      form: ({ year, revision, by }) => canonicalJson({ year, revision, by }),
      ...answerText,
    },
  }
}

const answerText = {
  encode: ({ done }: YearAnswer) => String(done),
  decode: (text: string): YearAnswer => {
    invariant(text === 'true' || text === 'false', `not an answer: ${text}`)
    return { done: text === 'true' }
  },
}
