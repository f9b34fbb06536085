import type { Micros } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'
import type { Subject } from './subject.ts'

export type AuditEvent =
  | 'staff_added'
  | 'staff_left'
  | 'staff_suspended'
  | 'staff_reinstated'
  | 'staff_roles_set'
  | 'proofs_reset'
  | 'reset_asked'
  | 'reset_objected'
  | 'link_issued'
  | 'signed_in'
  | 'sign_in_refused'
  | 'operator_token_issued'
  | 'session_ended'
  | 'session_raised'
  | 'passkey_added'
  | 'passkey_removed'
  | 'passkey_suspended'
  | 'device_added'
  | 'device_removed'
  | 'device_lost'
  | 'paying_allowed'
  | 'codes_set_up'
  | 'codes_removed'
  | 'code_refused'
  | 'recovery_code_used'
  | 'recovery_codes_renewed'

export interface AuditEntry {
  readonly at: Micros
  readonly event: AuditEvent
  readonly subject?: Subject
  readonly sessionId?: number
  readonly address?: string
}

/** Same transaction as what it tells of, so that neither is there without the other. */
export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.sql`
    insert into identity_audit (at, event, subject_kind, subject_id, session_id, address)
    values (${entry.at}, ${entry.event}, ${entry.subject?.kind ?? null}, ${entry.subject?.id ?? null},
      ${entry.sessionId ?? null}, ${entry.address ?? null})`
}
