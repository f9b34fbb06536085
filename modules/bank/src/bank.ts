import type { WorkingSet } from '@huitong/committer'
import { changeAccountKind, depositKind, fundSettlementKind, openAccountKind } from './account-commands.ts'
import { bindKind, confirmAgreementKind, endAgreementKind } from './agreement-commands.ts'
import { answerCancellationKind, askBackKind, giveBackKind } from './back-commands.ts'
import { type BankDeps, createBankContext } from './context.ts'
import { runDueKind } from './due-command.ts'
import { orderFaultKind } from './fault-command.ts'
import { receiveKind } from './receive-command.ts'
import { sendKind } from './send-command.ts'
import { clearSuspenseKind } from './suspense-command.ts'
import { askPositionKind, verifyPayeeKind } from './verification-command.ts'

/** The command kinds of this module. */
export type Bank = ReturnType<typeof createBank>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createBank(set: WorkingSet, deps: BankDeps) {
  const context = createBankContext(set, deps)
  return {
    openAccount: openAccountKind(context),
    deposit: depositKind(context),
    fundSettlement: fundSettlementKind(context),
    changeAccount: changeAccountKind(context),
    send: sendKind(context),
    giveBack: giveBackKind(context),
    askBack: askBackKind(context),
    answerCancellation: answerCancellationKind(context),
    clearSuspense: clearSuspenseKind(context),
    receive: receiveKind(context),
    runDue: runDueKind(context),
    verifyPayee: verifyPayeeKind(context),
    askPosition: askPositionKind(context),
    bind: bindKind(context),
    confirmAgreement: confirmAgreementKind(context),
    endAgreement: endAgreementKind(context),
    orderFault: orderFaultKind(context),
  }
}
