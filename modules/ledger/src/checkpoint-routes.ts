import { Day, Timestamp } from '@huitong/contract'
import { type HttpApp, reply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import type { Checkpoint } from './checkpoint.ts'

/** Where the writing of checkpoints stands. */
export interface CheckpointState {
  /**
   * - `current`: there is one since the last close of a day, or no day was closed yet;
   * - `due`: a day was closed since; it is written as soon as balances are written back, or tried again after a fault;
   * - `writing`: a process verifies and writes;
   * - `off`: the server was told to write none.
   */
  readonly state: 'current' | 'due' | 'writing' | 'off'
  /** The newest one that was written. */
  readonly last: Checkpoint | undefined
  /** Why the last try wrote none; undefined when it wrote one. */
  readonly fault: CheckpointWriteFault | undefined
}

export interface CheckpointWriteFault {
  /** `failed`: it could not be done and is tried again; `unsound`: the verification found what does not fit. */
  readonly kind: 'failed' | 'unsound'
  readonly what: string
  /** µs. */
  readonly at: number
  /** Tries one after the other that failed. */
  readonly tries: number
}

const CheckpointStateBody = Type.Object(
  {
    state: Type.Union([
      Type.Literal('current'),
      Type.Literal('due'),
      Type.Literal('writing'),
      Type.Literal('off', { description: 'This server writes none by itself' }),
    ]),
    last: Type.Union([
      Type.Object({
        batch: Type.Integer(),
        hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        at: Timestamp,
        accountingDay: Day,
      }),
      Type.Null(),
    ]),
    fault: Type.Union([
      Type.Object({
        kind: Type.Union([
          Type.Literal('failed', { description: 'It could not be done and is tried again' }),
          Type.Literal('unsound', { description: 'The verification found what does not fit; run ledger verify' }),
        ]),
        what: Type.String(),
        at: Timestamp,
        tries: Type.Integer(),
      }),
      Type.Null(),
    ]),
  },
  { $id: 'CheckpointState' },
)

/** The newest verification that was written down, and whether the next one is under way. */
export function registerCheckpointRoutes(
  http: HttpApp,
  { state }: { readonly state: () => Promise<CheckpointState> },
): void {
  http.route({
    method: 'GET',
    url: '/v1/ledger/checkpoint',
    access: { callers: ['staff'], scope: 'ledger:read' },
    summary: 'The last signed checkpoint, and whether one is due',
    description: 'A checkpoint is written after each close of a day; see docs/concepts/proof.md.',
    tags: ['Proof'],
    schema: { response: { 200: CheckpointStateBody } },
    handler: async () => {
      const { state: name, last, fault } = await state()
      return reply({
        state: name,
        last:
          last === undefined
            ? null
            : { batch: last.number, hash: last.hash, at: microsToIso(last.at), accountingDay: last.accountingDay },
        fault: fault === undefined ? null : { ...fault, at: microsToIso(fault.at) },
      })
    },
  })
}
