import type { Scope } from '@huitong/contract'
import type { Authenticator } from '@huitong/http'
import type { ApplicationDirectory } from './application-directory.ts'
import { apiKeyHashOf } from './application-door.ts'

/** What a merchant's application may do over the native API, with what is its merchant's own only. */
export const APPLICATION_SCOPES: ReadonlySet<Scope> = new Set([
  'payments:read',
  'payments:write',
  'party:read',
  'applications:read',
])

/** Finds merchants' applications by `Authorization: Bearer hk_…`. */
export function apiKeyAuthenticator(directory: ApplicationDirectory): Authenticator {
  return async ({ headers }) => {
    const token = /^Bearer (hk_\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (token === undefined) return undefined
    const hash = apiKeyHashOf(token)
    const application = hash === undefined ? undefined : await directory.findByApiKeyHash(hash)
    if (application?.status !== 'active') return 'invalid'
    return {
      kind: 'merchant',
      id: `application:${application.appId}`,
      scopes: APPLICATION_SCOPES,
      merchantId: application.merchantId,
      applicationId: application.id,
    }
  }
}
