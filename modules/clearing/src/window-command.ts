import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, invariant, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './clearing-refusals.ts'
import { type ClearingContext, emptyWindow } from './context.ts'
import type { Participant } from './participant.ts'
import { cover } from './participant-commands.ts'
import { netOf } from './window.ts'
import { OPEN_WINDOW } from './window-store.ts'

export const WindowAnswer = Type.Object({
  window: Type.Integer(),
  payments: Type.String(),
  /** In fen, as text. */
  gross: Type.String(),
  net: Type.String(),
})
export type WindowAnswer = Static<typeof WindowAnswer>

interface SettleInput {
  /** The one that whoever asks means: asked twice, the next one stays open. */
  readonly window: number
}

/**
 * `clearing.settle-window`: what each participant owes or is owed moves in one entry, and the next window opens. Who owes pays out of the
 * cover of its cap, which is never less than what it owes; what is left on its account covers the cap anew, as far as it goes.
 */
export function settleWindowKind(context: ClearingContext): CommandKind<SettleInput, WindowAnswer> {
  const { set, books, openWindows, settledWindows, participants } = context

  function tell({ member, account }: Participant, minor: bigint, window: number): void {
    const messageId = context.nextMessageId()
    context.send(member, {
      kind: 'entry_notice',
      value: {
        ...{ messageId, createdAt: set.batch.at },
        notices: [
          {
            ...{ id: messageId, account: `${member}-${account}`, currency: CNY, servicer: context.member },
            entries: [
              {
                ...{ reference: `W${window}`, amount: { minor: minor < 0n ? -minor : minor, currency: CNY } },
                ...{ side: minor < 0n ? ('DBIT' as const) : ('CRDT' as const), status: 'BOOK' },
                ...{ bookedAt: set.batch.at, domain: 'PMNT', family: minor < 0n ? 'ICDT' : 'RCDT', subFamily: 'ESCT' },
              },
            ],
          },
        ],
      },
    })
  }

  return {
    name: 'clearing.settle-window',
    need: () => openWindows.need(OPEN_WINDOW),
    decide: ({ window: asked }) => {
      const window = context.openWindow()
      if (window.number !== asked) return refuse('window_not_open')
      // Everything is asked for before anything is decided, so that one more round of loading is enough.
      for (const member of window.members) participants.need(member)
      const nets = window.members.map((member) => {
        const net = netOf(context.position(window.number, member))
        return { member, net }
      })
      invariant(nets.reduce((sum, { net }) => sum + net, 0n) === 0n, 'net positions add up to nothing')
      const netting = context.house('netting')
      const owing = nets.filter(({ net }) => net < 0n)
      const owed = nets.filter(({ net }) => net > 0n)
      let entry: number | null = null
      const post = (debit: number, credit: number, amountMinor: bigint): void => {
        const moved = books.transfer({
          ...{ debit, credit, amountMinor, currency: CNY, code: 'net_settlement' },
          ...{ reference: window.number, entry: entry ?? 'new' },
        })
        invariant(moved.ok, 'a net position is covered')
        entry ??= moved.value.id
      }
      const caps = new Map<string, bigint>()
      for (const { member, net } of owing) {
        const participant = context.participant(member)
        caps.set(member, participant.capMinor)
        const uncovered = cover(context, participant, 0n)
        invariant(uncovered.ok, 'a cover can be given back')
        participants.put(member, uncovered.value)
        post(participant.account, netting, -net)
      }
      for (const { member, net } of owed) {
        const { account } = context.participant(member)
        books.needAccount(account)
        post(netting, account, net)
      }
      for (const [member, cap] of caps) {
        const participant = context.participant(member)
        const left = books.available(participant.account)
        const again = cover(context, participant, left < cap ? left : cap)
        invariant(again.ok, 'what is available covers a cap')
        participants.put(member, again.value)
      }
      const netMinor = owed.reduce((sum, { net }) => sum + net, 0n)
      for (const { member, net } of nets) if (net !== 0n) tell(context.participant(member), net, window.number)
      settledWindows.add(window.number, { ...window, state: 'settled', netMinor, entry, settledAt: set.batch.at })
      openWindows.put(OPEN_WINDOW, emptyWindow(window.number + 1, set.batch.at))
      return ok({
        ...{ window: window.number, payments: window.payments.toString() },
        ...{ gross: window.grossMinor.toString(), net: netMinor.toString() },
      })
    },
    form: ({ window }) => canonicalJson({ window }),
    ...answerCodec(WindowAnswer),
  }
}
