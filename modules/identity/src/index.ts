export { CODE_REFUSAL_MEANINGS, CODE_REFUSALS, type CodeRefusal } from './code-refusals.ts'
export { DEVICE_REFUSAL_MEANINGS, DEVICE_REFUSALS, type DeviceRefusal } from './device-refusals.ts'
export type { PayingGuard } from './devices.ts'
export { createIdentity, type Identity, type IdentityOptions } from './identity.ts'
export { addIdentityRoutes } from './identity-routes.ts'
export { identityMigrations } from './migrations.ts'
export type { OriginHeaders } from './own-origin.ts'
export { PASSKEY_REFUSAL_MEANINGS, PASSKEY_REFUSALS, type PasskeyRefusal } from './passkey-refusals.ts'
export { CUSTOMER_SCOPES, isRole, ROLE_SCOPES, ROLES, type Role, scopesOfRoles } from './roles.ts'
export { createSecrets, type Secrets } from './secrets.ts'
export type { Session, SessionMethod } from './session.ts'
export type { StartedSession } from './session-start.ts'
export { type IssuedLink, LINK_LIFE_SECONDS, type SignIn } from './sign-in.ts'
export { SIGN_IN_REFUSAL_MEANINGS, SIGN_IN_REFUSALS, type SignInRefusal } from './sign-in-refusals.ts'
export { RESET_REFUSAL_MEANINGS, RESET_REFUSALS, type ResetRefusal } from './sign-in-reset.ts'
export {
  STAFF_REFUSAL_MEANINGS,
  STAFF_REFUSALS,
  type StaffMember,
  type StaffRefusal,
  type StaffStatus,
} from './staff.ts'
export type { StaffRegister } from './staff-register.ts'
export type { Subject, SubjectKind } from './subject.ts'
export type { RelyingParty } from './webauthn.ts'
