import type { OutboxRow } from '@huitong/jobs'
import { type Chance, type Clock, invariant } from '@huitong/kernel'
import { findCustomer, findMerchant } from '@huitong/party'
import type { Tx } from '@huitong/pg'
import { authorisationFields, readAuthorisationHappening } from './authorisation-notification.ts'
import { selectAuthorisation, selectOperations } from './authorisation-read-store.ts'
import { readTradeHappening, type TradeHappening } from './notification-event.ts'
import { notificationFields } from './notification-fields.ts'
import type { Notification } from './notification-state.ts'
import { insertNotification } from './notification-store.ts'
import { selectTradesById } from './payments-read-store.ts'
import type { Trade, TradeDetails } from './trade.ts'

type Event = Pick<OutboxRow, 'topic' | 'body'>
type RecordEvent = (tx: Tx, row: Event) => Promise<void>

interface RecordingDeps {
  readonly clock: Clock
  readonly chance: Chance
}

/**
 * Turns events of the outbox into notifications, in the transaction that also moves the relay's cursor: each event becomes one
 * notification, and none is lost. Orders without an address or an application are nobody's to tell. The trades of a page are read
 * at once, because most events are of payments of which nobody asked to be told.
 */
export async function prepareNotifications(tx: Tx, rows: readonly Event[], deps: RecordingDeps): Promise<RecordEvent> {
  const happenings = new Map<Event, TradeHappening>()
  for (const row of rows) {
    const happening = readTradeHappening(row.topic, row.body)
    if (happening !== undefined) happenings.set(row, happening)
  }
  const trades = await selectTradesById(tx, new Set([...happenings.values()].map(({ trade }) => trade)))
  return async (within, row) => {
    const happening = happenings.get(row)
    const notification =
      happening === undefined
        ? await authorisationNotification(within, row, deps)
        : await tradeNotification(within, happening, trades.get(happening.trade), deps)
    if (notification !== undefined) await insertNotification(within, notification)
  }
}

async function tradeNotification(
  tx: Tx,
  happening: TradeHappening,
  trade: Trade | undefined,
  deps: RecordingDeps,
): Promise<Notification | undefined> {
  invariant(trade !== undefined, 'an event tells of a trade that exists')
  const begun = begin(trade.details, deps)
  if (begun === undefined) return undefined
  const { notifyId, application, createdAt: now } = begun
  const [buyer, seller] = [await findCustomer(tx, trade.buyer), await findMerchant(tx, trade.merchant)]
  const fields = notificationFields({ notifyId, application, trade, happening, buyer, seller, now })
  return { ...begun, trade: trade.id, authorisation: null, fields }
}

async function authorisationNotification(tx: Tx, row: Event, deps: RecordingDeps): Promise<Notification | undefined> {
  const happening = readAuthorisationHappening(row.topic, row.body)
  if (happening === undefined) return undefined
  const authorisation = await selectAuthorisation(tx, happening.authorisation)
  invariant(authorisation !== undefined, 'an event tells of an authorisation that exists')
  const begun = begin(authorisation.details, deps)
  if (begun === undefined) return undefined
  const { notifyId, application, createdAt: now } = begun
  const operations = await selectOperations(tx, authorisation.id)
  const operation = operations.find(({ requestNumber }) => requestNumber === happening.requestNumber)
  invariant(operation !== undefined, 'an event tells of an operation that exists')
  const [payer, payee] = [await findCustomer(tx, authorisation.payer), await findMerchant(tx, authorisation.merchant)]
  const about = { notifyId, application, authorisation, operation, happening, payer, payee, now }
  return { ...begun, trade: null, authorisation: authorisation.id, fields: authorisationFields(about) }
}

/** A notification that waits to be delivered, of nothing yet; undefined when nobody asked to be told. */
function begin(
  { application, notify_url: url }: TradeDetails,
  { clock, chance }: RecordingDeps,
): Omit<Notification, 'trade' | 'authorisation' | 'fields'> | undefined {
  if (application === undefined || url === undefined) return undefined
  const now = clock.now()
  return {
    notifyId: chance.uuid().replaceAll('-', ''),
    ...{ application, url, attempts: 0 },
    state: 'waiting',
    ...{ nextAttemptAt: now, lastFault: null, createdAt: now, endedAt: null },
  }
}
