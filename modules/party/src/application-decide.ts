import type { WorkingSet } from '@huitong/committer'
import { err, ok, publicId, type Result, slotOf } from '@huitong/kernel'
import type { Application, ApplicationRegistration, KeyRotation } from './application.ts'
import { applicationKeyLog } from './application-key-store.ts'
import { applicationTable } from './application-store.ts'
import type { Merchants } from './merchant-decide.ts'
import type { NextNumber } from './number-decide.ts'
import type { PartyRefusal } from './party-refusals.ts'

export interface Applications {
  needApplication(appId: string): void
  application(appId: string): Application | undefined
  needApplicationRegistration(request: ApplicationRegistration): void
  /** Refuses `merchant_unknown`, `merchant_not_active`. */
  registerApplication(request: ApplicationRegistration): Result<Application, PartyRefusal>
  /** Replaces both keys; the old ones stay in the history. Refuses `application_unknown`, `application_disabled`. */
  rotateKeys(request: KeyRotation): Result<Application, PartyRefusal>
}

export function createApplications(set: WorkingSet, nextNumber: NextNumber, merchants: Merchants): Applications {
  const applications = set.table(applicationTable)
  const keys = set.log(applicationKeyLog)

  function record(topic: string, application: Application): void {
    const { appId, keyVersion, publicKey, apiKeyHash } = application
    keys.add({ appId, keyVersion, publicKey, apiKeyHash, validFrom: set.batch.at })
    const body = JSON.stringify({ appId, merchant: publicId('mrch', application.merchantId), keyVersion })
    set.emit({ topic, key: appId, body })
  }

  return {
    needApplication: (appId) => applications.need(appId),
    application: (appId) => applications.get(appId),

    needApplicationRegistration: (request) => {
      merchants.needMerchant(request.merchantId)
      nextNumber.need('application')
    },
    registerApplication: (request) => {
      const merchant = merchants.merchant(request.merchantId)
      if (merchant === undefined) return err({ code: 'merchant_unknown' })
      if (merchant.status !== 'active') return err({ code: 'merchant_not_active' })
      const application: Application = {
        ...request,
        id: set.newId(slotOf(merchant.id)),
        appId: nextNumber.take('application'),
        status: 'active',
        keyVersion: 1,
        registeredAt: set.batch.at,
      }
      applications.add(application.appId, application)
      record('party.application-registered', application)
      return ok(application)
    },

    rotateKeys: (request) => {
      const before = applications.get(request.appId)
      if (before === undefined) return err({ code: 'application_unknown' })
      if (before.status !== 'active') return err({ code: 'application_disabled' })
      const { publicKey, apiKeyHash } = request
      const application = { ...before, publicKey, apiKeyHash, keyVersion: before.keyVersion + 1 }
      applications.put(request.appId, application)
      record('party.application-keys-rotated', application)
      return ok(application)
    },
  }
}
