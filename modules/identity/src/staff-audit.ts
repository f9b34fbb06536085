import type { Caller } from '@huitong/contract'
import type { VisitRecorder } from '@huitong/http'
import { type Clock, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Session } from './session.ts'
import { objectOf, type StaffAction, staffActionKind } from './staff-action.ts'
import {
  answerStaffAction,
  insertStaffAction,
  type StaffActionFilter,
  selectStaffActions,
} from './staff-action-store.ts'

export interface StaffAudit {
  /** For the HTTP edge: puts what staff do on record, before it is done. */
  recorder(): VisitRecorder
  /** Newest first. */
  listStaffActions(filter: StaffActionFilter, limit: number): Promise<readonly StaffAction[]>
}

const PATH_LENGTH_MAX = 512

export function createStaffAudit(
  db: InstitutionDatabase,
  clock: Clock,
  sessionOf: (caller: Caller) => Session | undefined,
): StaffAudit {
  return {
    recorder: () => async (visit) => {
      const kind = visit.caller.kind === 'staff' ? staffActionKind(visit) : undefined
      const session = sessionOf(visit.caller)
      if (kind === undefined || session === undefined) return undefined
      const { method, route, params, ip: address, requestId } = visit
      const action = {
        ...{ at: clock.now(), staffId: session.subject.id, sessionId: session.id, kind, method, route },
        ...{ path: visit.path.slice(0, PATH_LENGTH_MAX), object: objectOf(params), address, requestId },
      }
      let id = 0
      await db.transact(async (tx) => {
        id = await insertStaffAction(tx, action)
        return ok(undefined)
      })
      return async (status) => {
        await db.transact(async (tx) => ok(await answerStaffAction(tx, id, status)))
      }
    },
    listStaffActions: (filter, limit) => db.read((tx) => selectStaffActions(tx, filter, limit)),
  }
}
