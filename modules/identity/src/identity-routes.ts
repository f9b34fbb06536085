import type { HttpApp } from '@huitong/http'
import type { Clock } from '@huitong/kernel'
import { addAccountPageRoutes } from './account-page-routes.ts'
import { addApprovalRoutes } from './approval-routes.ts'
import { addAuditRoutes } from './audit-routes.ts'
import { addCodePageRoutes } from './code-page-routes.ts'
import { addCodeRoutes } from './code-routes.ts'
import { addDevicePageRoutes } from './device-page-routes.ts'
import { addDeviceRoutes } from './device-routes.ts'
import type { Identity } from './identity.ts'
import { addPasskeyRoutes } from './passkey-routes.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addSignInResetRoutes } from './sign-in-reset-routes.ts'
import { addSignInRoutes } from './sign-in-routes.ts'
import { addStaffRoutes } from './staff-routes.ts'

/** Adds the ways to sign in and what a signed-in caller may ask about itself. */
export function addIdentityRoutes(http: HttpApp, identity: Identity, clock: Clock): void {
  addSignInRoutes(http, identity)
  addPasskeyRoutes(http, identity)
  addCodeRoutes(http, identity)
  addDeviceRoutes(http, identity)
  addSessionRoutes(http, identity, clock)
  addStaffRoutes(http, identity, clock)
  addSignInResetRoutes(http, identity)
  addApprovalRoutes(http, identity, clock)
  addAuditRoutes(http, identity)
  addAccountPageRoutes(http, identity, clock)
  addDevicePageRoutes(http, identity)
  addCodePageRoutes(http, identity)
}
