import { importPrivateKey, rsaSign } from '@huitong/formats'
import { type Relay, startRelay } from '@huitong/jobs'
import { type Chance, type Clock, invariant } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { DeliveryDeps } from './notification-delivery.ts'
import { prepareNotifications } from './notification-recording.ts'
import { startSender } from './notification-sender.ts'

export interface NotificationsDeps {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  readonly chance: Chance
  /** RSA private key of the platform, as the gateway's. */
  readonly platformPrivateKey: string
  /** Also calls loopback and private networks. Off in production: merchants choose the addresses. */
  readonly allowPrivateNotifyTargets?: boolean
  readonly onError: (error: unknown) => void
}

export interface Notifications {
  /** Says that there may be new events; call it after each commit of the institution's committer. */
  wake(): void
  /** Finishes what is under way. What waits stays in its table. */
  stop(): Promise<void>
}

/** Starts telling merchants of their trades: events become notifications, and notifications are delivered until acknowledged. */
export function startNotifications(deps: NotificationsDeps): Notifications {
  const relay: Relay = startNotificationRelay(deps)
  const sender = startSender({ ...notificationDelivery(deps), clock: deps.clock, onError: deps.onError })
  return {
    wake: () => relay.wake(),
    stop: async () => {
      await relay.stop()
      await sender.stop()
    },
  }
}

/** Only the first half: events become notifications that wait. */
export function startNotificationRelay(deps: NotificationsDeps): Relay {
  return startRelay({
    db: deps.db,
    consumer: 'payments.notifications',
    handle: { prepare: (tx, rows) => prepareNotifications(tx, rows, deps) },
    onError: deps.onError,
  })
}

/** Only the second half, for `deliverDue`. */
export function notificationDelivery(deps: NotificationsDeps): DeliveryDeps {
  const key = importPrivateKey(deps.platformPrivateKey)
  invariant(key.ok, 'the private key of the gateway cannot be read')
  return {
    db: deps.db,
    sign: (text) => rsaSign('RSA2', text, key.value),
    allowPrivateTargets: deps.allowPrivateNotifyTargets ?? false,
  }
}
