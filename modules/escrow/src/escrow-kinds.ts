import type { WorkingSet } from '@huitong/committer'
import { createEscrowContext, type EscrowDeps } from './context.ts'
import {
  acceptKind,
  approveKind,
  disputeKind,
  escalateKind,
  evidenceKind,
  offerKind,
  proposeKind,
  rejectKind,
  withdrawKind,
} from './dispute-commands.ts'
import {
  cancelKind,
  closeKind,
  confirmKind,
  extendKind,
  openKind,
  payKind,
  refundKind,
  shipKind,
} from './escrow-commands.ts'
import { lapseKind } from './lapse-command.ts'

/** The command kinds of this module, by what they do. */
export type EscrowKinds = ReturnType<typeof createEscrow>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createEscrow(set: WorkingSet, deps: EscrowDeps) {
  const context = createEscrowContext(set, deps)
  return {
    open: openKind(context),
    pay: payKind(context),
    close: closeKind(context),
    cancel: cancelKind(context),
    ship: shipKind(context),
    confirm: confirmKind(context),
    extend: extendKind(context),
    refund: refundKind(context),
    dispute: disputeKind(context),
    offer: offerKind(context),
    accept: acceptKind(context),
    withdraw: withdrawKind(context),
    escalate: escalateKind(context),
    addEvidence: evidenceKind(context),
    propose: proposeKind(context),
    approve: approveKind(context),
    reject: rejectKind(context),
    lapse: lapseKind(context),
  }
}
