import type { WorkingSet } from '@huitong/committer'
import { type ClearingDeps, createClearingContext } from './context.ts'
import { lapseKind } from './lapse-command.ts'
import { admitKind, fundKind, setCapKind, setStatusKind, withdrawKind } from './participant-commands.ts'
import { receiveKind } from './receive-command.ts'
import { settleWindowKind } from './window-command.ts'

/** The command kinds of this module. */
export type Clearing = ReturnType<typeof createClearing>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createClearing(set: WorkingSet, deps: ClearingDeps) {
  const context = createClearingContext(set, deps)
  return {
    admit: admitKind(context),
    setStatus: setStatusKind(context),
    setCap: setCapKind(context),
    fund: fundKind(context),
    withdraw: withdrawKind(context),
    receive: receiveKind(context),
    lapse: lapseKind(context),
    settleWindow: settleWindowKind(context),
  }
}
