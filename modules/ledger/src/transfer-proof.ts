import type { BatchSeal } from '@huitong/committer'
import { Day, PublicId, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { type SignedHead, signedHeadBody } from './signed-head.ts'
import { STATEMENT_SIGNATURE } from './statement-signature.ts'
import { TRANSFER_CODES, type Transfer } from './transfer.ts'

/** Everything that a third party needs, beside the institution's public key, to see that a transfer stands in the journal. */
export interface TransferProof {
  readonly transfer: Transfer
  /** Its bytes in the journal (`journal-form.ts`). */
  readonly leaf: Uint8Array
  /** From the leaf up to the root of its batch. */
  readonly path: readonly Uint8Array[]
  readonly batch: BatchSeal & { readonly hash: Uint8Array }
  /** From the batch's hash up to the root of the history tree. */
  readonly historyPath: readonly Uint8Array[]
  readonly head: SignedHead
}

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal' })

export const SignedHeadBody = Type.Object(
  {
    version: Type.Integer(),
    institution: Type.String(),
    number: Type.Integer(),
    hash: Hash,
    at: Timestamp,
    accounting_day: Day,
    history_root: Type.Optional(Hash),
    signature: Type.String({ pattern: STATEMENT_SIGNATURE.source, description: 'Ed25519, base64' }),
  },
  { $id: 'SignedHead' },
)

export const TransferProofBody = Type.Object(
  {
    version: Type.Literal(1),
    transfer: Type.Object({
      id: PublicId(TRANSFER_ID),
      kind: Type.String(),
      code: Type.Integer({ description: 'What it is for; docs/concepts/proof.md has the numbers' }),
      debit: PublicId(ACCOUNT_ID),
      credit: PublicId(ACCOUNT_ID),
      amountMinor: Type.String({ description: 'In the smallest unit of the currency of its accounts' }),
    }),
    leaf: Type.String({ description: 'The bytes of the transfer in the journal, hexadecimal' }),
    position: Type.Integer(),
    path: Type.Array(Hash),
    batch: Type.Object({
      number: Type.Integer(),
      count: Type.Integer(),
      at: Timestamp,
      accountingDay: Day,
      lastCounter: Type.Integer(),
      previousHash: Hash,
      root: Hash,
      outcomes: Type.Optional(Hash),
      hash: Hash,
    }),
    historyPath: Type.Array(Hash),
    head: SignedHeadBody,
  },
  { $id: 'TransferProof' },
)

/** The proof as JSON, whole in itself. */
export function transferProofBody({ transfer, leaf, path, batch, historyPath, head }: TransferProof) {
  return {
    version: 1 as const,
    transfer: {
      id: publicId(TRANSFER_ID, transfer.id),
      kind: transfer.kind,
      code: TRANSFER_CODES[transfer.code],
      debit: publicId(ACCOUNT_ID, transfer.debit),
      credit: publicId(ACCOUNT_ID, transfer.credit),
      amountMinor: String(transfer.amountMinor),
    },
    leaf: hex(leaf),
    position: transfer.position,
    path: path.map(hex),
    batch: {
      number: batch.number,
      count: batch.count,
      at: microsToIso(batch.at),
      accountingDay: batch.accountingDay,
      lastCounter: batch.lastCounter,
      previousHash: hex(batch.previousHash),
      root: hex(batch.root),
      ...(batch.outcomes === null ? {} : { outcomes: hex(batch.outcomes) }),
      hash: hex(batch.hash),
    },
    historyPath: historyPath.map(hex),
    head: signedHeadBody(head),
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
