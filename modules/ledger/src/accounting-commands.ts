import type { CommandKind } from '@huitong/committer'
import { invariant, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import { type InstitutionKind, isInstitutionKind } from './institution-kind.ts'
import { plainForm } from './posting-command.ts'

interface CloseDay {
  /** The day that begins; the one after the open day when missing. Then a repeat asks for the same, though the day is another. */
  readonly next?: string
  /** Who asked for it, such as `staff:7` or `calendar`. */
  readonly by?: string
}

interface TieDay {
  readonly day: string
  readonly batch: number
}

interface FinalizeDays {
  /** This closed day and all before it. */
  readonly through: string
  readonly by?: string
}

export interface AccountingCommands {
  readonly adoptChart: CommandKind<{ readonly kind: InstitutionKind }, InstitutionKind>
  readonly closeDay: CommandKind<CloseDay, { readonly next: string }>
  readonly tieDay: CommandKind<TieDay, { readonly day: string }>
  readonly finalizeDays: CommandKind<FinalizeDays, { readonly through: string }>
}

/** The commands that keep charts and days. Each touches a row or two, whatever the size of the books: no payment waits for them. */
export function createAccountingCommands({ accounting }: Books): AccountingCommands {
  return {
    adoptChart: {
      name: 'ledger.adopt-chart',
      need: () => accounting.needSettings(),
      decide: ({ kind }) => accounting.adoptChart(kind),
      form: ({ kind }) => plainForm({ kind }),
      encode: (kind) => JSON.stringify(kind),
      decode: (text) => {
        const kind: unknown = JSON.parse(text)
        invariant(typeof kind === 'string' && isInstitutionKind(kind), `not a kind of institution: ${text}`)
        return kind
      },
    },

    closeDay: {
      name: 'ledger.close-day',
      need: () => undefined,
      decide: ({ next, by }) => {
        const closed = accounting.closeDay(next ?? null, by ?? null)
        return closed.ok ? ok({ next: closed.value }) : closed
      },
      form: ({ next, by }) =>
        plainForm({ ...(next === undefined ? {} : { next }), ...(by === undefined ? {} : { by }) }),
      encode: (answer) => JSON.stringify(answer.next),
      decode: (text) => ({ next: textOf(text) }),
    },

    tieDay: {
      name: 'ledger.tie-day',
      need: ({ day }) => accounting.needDay(day),
      decide: ({ day, batch }) => {
        const tied = accounting.tieDay(day, batch)
        return tied.ok ? ok({ day: tied.value }) : tied
      },
      form: ({ day, batch }) => plainForm({ day, batch }),
      encode: (answer) => JSON.stringify(answer.day),
      decode: (text) => ({ day: textOf(text) }),
    },

    finalizeDays: {
      name: 'ledger.finalize-days',
      need: ({ through }) => {
        accounting.needSettings()
        accounting.needDay(through)
      },
      decide: ({ through, by }) => {
        const final = accounting.finalizeDays(through, by ?? null)
        return final.ok ? ok({ through: final.value }) : final
      },
      form: ({ through, by }) => plainForm({ through, ...(by === undefined ? {} : { by }) }),
      encode: (answer) => JSON.stringify(answer.through),
      decode: (text) => ({ through: textOf(text) }),
    },
  }
}

function textOf(json: string): string {
  const text: unknown = JSON.parse(json)
  invariant(typeof text === 'string', `not a text: ${json}`)
  return text
}
