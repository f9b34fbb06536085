import type { WorkingSet } from '@huitong/committer'
import type { Tendering } from '@huitong/payments'
import {
  activateCardKind,
  beginBindingKind,
  endCardKind,
  lapseBindingKind,
  noteAgreementKind,
  noteEndKind,
} from './card-commands.ts'
import { cardTender } from './card-tender.ts'
import { setBankKind } from './channel-bank-command.ts'
import { type ChannelDeps, createChannelContext } from './context.ts'
import { askDueKind } from './due-command.ts'
import { payByCardKind, topUpKind, withdrawKind } from './order-commands.ts'
import { receiveKind } from './receive-command.ts'

/** The command kinds of this module. */
export type Channels = ReturnType<typeof createChannels>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createChannels(set: WorkingSet, deps: ChannelDeps & { readonly tendering: Tendering }) {
  const context = createChannelContext(set, deps)
  deps.tendering.add(cardTender(context))
  return {
    member: deps.member,
    setBank: setBankKind(context),
    beginBinding: beginBindingKind(context),
    noteAgreement: noteAgreementKind(context),
    activateCard: activateCardKind(context),
    lapseBinding: lapseBindingKind(context),
    endCard: endCardKind(context),
    noteEnd: noteEndKind(context),
    topUp: topUpKind(context),
    withdraw: withdrawKind(context),
    payByCard: payByCardKind(context),
    receive: receiveKind(context),
    askDue: askDueKind(context),
  }
}
