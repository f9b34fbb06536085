import { type HttpApp, notFound, problem, reply } from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { batchOfId } from './id-batch-store.ts'
import { TRANSFER_ID } from './ledger-views.ts'
import { type SignedHead, signedHeadBody } from './signed-head.ts'
import { SignedHeadBody, TransferProofBody, transferProofBody } from './transfer-proof.ts'
import { readTransferProof } from './transfer-proof-store.ts'

export interface ProofRoutesOptions {
  readonly db: InstitutionDatabase
  /** A signed head of this batch or a later one; undefined when the journal has no such batch. */
  readonly signedHead: (batch: number) => Promise<SignedHead | undefined>
  /** SPKI in PEM: what signed heads are checked by. */
  readonly publicKey: string
}

const TAGS = ['Proof'] as const
const READ = { callers: ['staff'], scope: 'ledger:read' } as const

/** What the ledger proves to people who do not trust it. */
export function registerProofRoutes(http: HttpApp, { db, signedHead, publicKey }: ProofRoutesOptions): void {
  http.route({
    method: 'GET',
    url: '/v1/ledger/transfers/:id/proof',
    access: READ,
    summary: 'Proof that a transfer stands in the journal',
    description: 'Whole in itself: docs/examples/check-proof.mjs checks it with the public key and nothing else.',
    tags: TAGS,
    schema: { params: Type.Object({ id: Type.String({ maxLength: 40 }) }), response: { 200: TransferProofBody } },
    handler: async ({ params }) => {
      const id = parsePublicId(TRANSFER_ID, params.id)
      if (!id.ok) return notFound('transfer')
      const batch = await db.read((tx) => batchOfId(tx, id.value))
      if (batch === undefined) return notFound('transfer')
      const head = await signedHead(batch)
      if (head === undefined) return problem(503, 'head_not_signed', 'The journal could not be signed now; ask again.')
      const proof = await db.read((tx) => readTransferProof(tx, id.value, head))
      return proof === undefined ? notFound('transfer') : reply(transferProofBody(proof))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/signed-head',
    access: { callers: ['anonymous', 'staff', 'customer', 'merchant', 'partner'] },
    summary: 'The newest signed head, and the key that it is checked by',
    description:
      'Keep it: it proves later that the journal was not changed. Take the key from a source that you trust.',
    tags: TAGS,
    schema: {
      response: {
        200: Type.Object({ head: Type.Union([SignedHeadBody, Type.Null()]), publicKey: Type.String() }),
      },
    },
    handler: async () => {
      const head = await signedHead(0)
      return reply({ head: head === undefined ? null : signedHeadBody(head), publicKey })
    },
  })
}
