import type { CommandKind } from '@huitong/committer'
import { ok, type Result } from '@huitong/kernel'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { Metadata, MetadataChanges } from './metadata.ts'
import { metadataData } from './metadata.ts'
import type { MetadataBook } from './metadata-book.ts'
import { plainForm } from './posting-command.ts'

interface MetadataAnswer {
  readonly metadata: Metadata
}

export interface MetadataCommands {
  readonly setAccountMetadata: CommandKind<
    { readonly account: number; readonly changes: MetadataChanges },
    MetadataAnswer
  >
  readonly addTransferMetadata: CommandKind<{ readonly transfer: number; readonly additions: Metadata }, MetadataAnswer>
}

const answer = {
  encode: ({ metadata }: MetadataAnswer) => metadataData(metadata),
  decode: (text: string): MetadataAnswer => {
    const parsed: unknown = JSON.parse(text)
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return { metadata: new Map(entries.map(([key, value]) => [key, String(value)])) }
  },
}

export function createMetadataCommands(book: MetadataBook): MetadataCommands {
  return {
    setAccountMetadata: {
      name: 'ledger.set-account-metadata',
      need: ({ account }) => book.needAccount(account),
      decide: ({ account, changes }) => answered(book.setOnAccount(account, changes)),
      form: ({ account, changes }) => plainForm({ account, metadata: metadataData(changes) }),
      ...answer,
    },
    addTransferMetadata: {
      name: 'ledger.add-transfer-metadata',
      need: ({ transfer }) => book.needTransfer(transfer),
      decide: ({ transfer, additions }) => answered(book.addToTransfer(transfer, additions)),
      form: ({ transfer, additions }) => plainForm({ transfer, metadata: metadataData(additions) }),
      ...answer,
    },
  }
}

function answered(result: Result<Metadata, LedgerRefusal>): Result<MetadataAnswer, LedgerRefusal> {
  return result.ok ? ok({ metadata: result.value }) : result
}
