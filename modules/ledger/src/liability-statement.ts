import { createHmac, type KeyObject } from 'node:crypto'
import { Day, PublicId, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { ACCOUNT_ID } from './ledger-views.ts'
import { STATEMENT_SIGNATURE, signStatement, verifyStatement } from './statement-signature.ts'
import type { SumNode } from './sum-tree.ts'

/** What an institution says that it owed to customers and merchants, in one currency, after a batch. */
export interface LiabilityStatement {
  readonly institution: string
  readonly batch: number
  readonly batchHash: Buffer
  /** µs. */
  readonly at: number
  readonly accountingDay: string
  readonly currency: string
  /** Accounts in the tree. */
  readonly count: number
  /** The sum of all their balances; one below zero counts as zero, so that nobody's debt hides what others are owed. */
  readonly totalMinor: bigint
  /** Root of the sum tree (`sum-tree.ts`). */
  readonly root: Buffer
}

export interface SignedLiabilityStatement extends LiabilityStatement {
  /** Ed25519, base64. */
  readonly signature: string
}

/** The salt of an account's leaf: without it a neighbour in the tree could try out which account and balance a hash stands for. */
export function liabilitySalt(secret: KeyObject, account: number, currency: string): Buffer {
  const id = Buffer.alloc(8)
  id.writeBigUInt64BE(BigInt(account))
  return createHmac('sha256', secret).update(id).update(currency).digest()
}

/** What is signed, in UTF-8: these lines, each ended by U+000A. */
function signedText(statement: LiabilityStatement): string {
  const { institution, batch, batchHash, at, accountingDay, currency, count, totalMinor, root } = statement
  const lines = ['huitong liabilities 1', institution, batch, batchHash.toString('hex'), microsToIso(at), accountingDay]
  return `${[...lines, currency, count, totalMinor, root.toString('hex')].join('\n')}\n`
}

export function signLiabilities(key: KeyObject, statement: LiabilityStatement): SignedLiabilityStatement {
  return { ...statement, signature: signStatement(key, signedText(statement)) }
}

export function verifyLiabilities(publicKey: KeyObject, statement: SignedLiabilityStatement): boolean {
  return verifyStatement(publicKey, signedText(statement), statement.signature)
}

/** That an account's balance is in the total: what its owner checks with docs/examples/check-liability.mjs. */
export interface LiabilityProof {
  readonly account: number
  readonly balanceMinor: bigint
  readonly salt: Buffer
  readonly position: number
  readonly path: readonly SumNode[]
  readonly statement: SignedLiabilityStatement
}

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Minor = Type.String({ pattern: '^[0-9]+$', description: 'In the smallest unit of the currency' })

export const LiabilityStatementBody = Type.Object(
  {
    version: Type.Literal(1),
    institution: Type.String(),
    batch: Type.Integer(),
    batchHash: Hash,
    at: Timestamp,
    accountingDay: Day,
    currency: Type.String(),
    count: Type.Integer(),
    totalMinor: Minor,
    root: Hash,
    signature: Type.String({ pattern: STATEMENT_SIGNATURE.source, description: 'Ed25519, base64' }),
  },
  { $id: 'LiabilityStatement' },
)

export const LiabilityProofBody = Type.Object(
  {
    account: PublicId(ACCOUNT_ID),
    balanceMinor: Minor,
    salt: Hash,
    position: Type.Integer(),
    path: Type.Array(Type.Object({ hash: Hash, sum: Minor })),
    statement: LiabilityStatementBody,
  },
  { $id: 'LiabilityProof' },
)

export function liabilityStatementBody(statement: SignedLiabilityStatement) {
  const { institution, batch, batchHash, at, accountingDay, currency, count, totalMinor, root, signature } = statement
  return {
    version: 1 as const,
    ...{
      institution,
      batch,
      batchHash: batchHash.toString('hex'),
      at: microsToIso(at),
      accountingDay,
      currency,
      count,
    },
    ...{ totalMinor: String(totalMinor), root: root.toString('hex'), signature },
  }
}

export function liabilityProofBody({ account, balanceMinor, salt, position, path, statement }: LiabilityProof) {
  return {
    account: publicId(ACCOUNT_ID, account),
    balanceMinor: String(balanceMinor),
    salt: salt.toString('hex'),
    position,
    path: path.map((node) => ({ hash: node.hash.toString('hex'), sum: String(node.sum) })),
    statement: liabilityStatementBody(statement),
  }
}
