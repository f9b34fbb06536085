import { Timestamp } from '@huitong/contract'
import { type HttpApp, reply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import { PRIMARY_REASONS, type ReadDesk, type ReplicaReport } from './read-desk.ts'
import { secondsText } from './read-routes.ts'
import { LEDGER_READ, LEDGER_TAGS } from './route-parts.ts'

const ReplicaBody = Type.Object(
  {
    place: Type.String({ examples: ['replica.example:5432'] }),
    state: Type.String({ examples: ['serving', 'lagging', 'unreachable', 'diverged', 'unseen'] }),
    fault: Type.Union([Type.String(), Type.Null()]),
    batch: Type.Integer({ description: 'The end of its journal when it was last reached' }),
    at: Type.Union([Timestamp, Type.Null()]),
    behindSeconds: Type.String(),
    lagMaxSeconds: Type.String(),
    fallback: Type.String({ examples: ['primary', 'refuse'] }),
  },
  { $id: 'LedgerReplica' },
)

const Counts = Type.Object(Object.fromEntries(PRIMARY_REASONS.map((reason) => [reason, Type.Integer()])))

/** What operators watch: where reads are answered, and how the replica is. */
export function registerReplicaRoutes(http: HttpApp, desk: ReadDesk): void {
  http.route({
    method: 'GET',
    url: '/v1/ledger/replica',
    access: LEDGER_READ,
    summary: 'The read replica, and how many reads came from where since the start',
    description: '`reasons` counts what the replica would have answered and could not.',
    tags: LEDGER_TAGS,
    schema: {
      response: {
        200: Type.Object({
          replica: Type.Union([ReplicaBody, Type.Null()]),
          answers: Type.Object({ replica: Type.Integer(), primary: Type.Integer() }),
          reasons: Counts,
        }),
      },
    },
    handler: () => {
      const { replica, answers, reasons } = desk.report()
      return reply({ replica: replica === undefined ? null : replicaBody(replica), answers, reasons: { ...reasons } })
    },
  })
}

function replicaBody({ place, state, fault, batch, at, behindMs, lagMaxMs, fallback }: ReplicaReport) {
  return {
    ...{ place, state, fault: fault ?? null, batch, at: batch === 0 ? null : microsToIso(at) },
    ...{ behindSeconds: secondsText(behindMs), lagMaxSeconds: secondsText(lagMaxMs), fallback },
  }
}
