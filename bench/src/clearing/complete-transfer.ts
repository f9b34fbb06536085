import { type IsoMessage, readIsoMessage, signIsoMessage, verifyIsoMessage, writeIsoMessage } from '@huitong/iso20022'
import type { Carried } from '@huitong/sim'
import { type Ask, drive, type Measured } from '../ledger/drive.ts'
import { type ClearingBenchWorld, PAYEE_BANK, PAYER_BANK } from './clearing-world.ts'

/** Messages of one transfer: two pacs.008, and pacs.002 from the payee's bank and to both. */
export const MESSAGES_OF_TRANSFER = 5

/** From the payer's order until both banks have taken in that it settled: five messages, six commands, three books. */
export function completeTransfer(world: ClearingBenchWorld, seen: (carried: Carried) => void): Ask {
  const waiting = new Map<
    string,
    { left: number; readonly done: () => void; readonly failed: (error: unknown) => void }
  >()
  world.onFailed = (error) => {
    for (const { failed } of waiting.values()) failed(error)
  }
  world.onCarried = (carried) => {
    seen(carried)
    const { message, to, outcome } = carried
    if (outcome.status !== 'done') {
      world.onFailed(new Error(`a message was not taken in: ${JSON.stringify(outcome)}`))
      return
    }
    if (message.kind !== 'status_report' || (to !== PAYER_BANK && to !== PAYEE_BANK)) return
    const [told] = message.value.statuses
    const one = waiting.get(told?.originalUetr ?? '')
    if (one === undefined || told === undefined) return
    if (told.status !== 'ACSC') {
      one.failed(new Error(`a transfer did not settle: ${told.status} ${told.reason}`))
      return
    }
    one.left -= 1
    if (one.left > 0) return
    waiting.delete(told.originalUetr ?? '')
    one.done()
  }

  let count = 0
  return async (client) => {
    const { bank, committer } = world.payerBank
    const uetr = crypto.randomUUID()
    const settled = new Promise<void>((done, failed) => waiting.set(uetr, { left: 2, done, failed }))
    count += 1
    const outcome = await committer.submit({
      kind: bank.send,
      input: {
        ...{
          account: world.payers[client % world.payers.length] ?? '',
          customer: null,
          amountMinor: 1n,
          mode: 'gross',
        },
        ...{ payeeBank: PAYEE_BANK, payeeAccount: world.payees[count % world.payees.length] ?? '' },
        ...{ payeeName: world.payeeName, remittance: null, uetr },
      },
      idempotency: { caller: 'bench', key: uetr },
    })
    if (outcome.status !== 'done') throw new Error(`not sent: ${JSON.stringify(outcome)}`)
    await settled
    return 'done'
  }
}

/** What the messages of a transfer cost by themselves: written, signed, verified, read and held against their schemas; nothing stored. */
export async function messagesOnly(
  world: ClearingBenchWorld,
  messages: readonly IsoMessage[],
  seconds: number,
): Promise<Measured> {
  const { key, publicKey } = world.hub.end
  return drive(8, seconds, async () => {
    for (const message of messages) {
      const bytes = writeIsoMessage(message)
      const verified = await verifyIsoMessage(bytes, await signIsoMessage(bytes, key), () => publicKey)
      const read = readIsoMessage(bytes, { maxBytes: 100_000 })
      if (!verified.ok || !read.ok) throw new Error('a message of the benchmark does not hold')
    }
    return 'done'
  })
}
