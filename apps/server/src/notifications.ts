import { type Notifications, startNotifications } from '@huitong/payments'
import type { PlatformInstitution } from './institution.ts'

/**
 * Tells merchants of their trades. In a demo world their programs run on this machine, so private addresses may be called.
 */
export function openNotifications(institution: PlatformInstitution, demo: boolean): Notifications {
  const { db, clock, chance, keys, log, schema } = institution
  const notifications = startNotifications({
    ...{ db, clock, chance, platformPrivateKey: keys.platformPrivateKey, allowPrivateNotifyTargets: demo },
    onError: (error) => log.warn({ institution: schema, err: error }, 'a notification could not be handled now'),
  })
  institution.onCommitted(() => notifications.wake())
  return notifications
}
