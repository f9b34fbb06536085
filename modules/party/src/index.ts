export { APPLICATION_SCOPES, apiKeyAuthenticator } from './api-key-authenticator.ts'
export {
  APPLICATION_STATUSES,
  type Application,
  type ApplicationRegistration,
  type ApplicationStatus,
  type KeyRotation,
  type SignType,
} from './application.ts'
export type { Applications } from './application-decide.ts'
export { type ApplicationDirectory, createApplicationDirectory } from './application-directory.ts'
export {
  type ApplicationRequest,
  apiKeyHashOf,
  drawApiKey,
  type PublicKeyFault,
  readApplicationRegistration,
  readNotifyUrl,
  readPublicKey,
} from './application-door.ts'
export { applicationByAppId, listApplications } from './application-queries.ts'
export {
  CUSTOMER_STATUSES,
  CUSTOMER_TIERS,
  type Customer,
  type CustomerRegistration,
  type CustomerStatus,
  type CustomerTier,
  registrationForm,
} from './customer.ts'
export type { Customers } from './customer-decide.ts'
export { type CustomerRequest, type FieldFault, NAME_LENGTH_MAX, readCustomerRegistration } from './customer-door.ts'
export {
  findCustomer,
  findCustomerByPhone,
  findCustomerByUserNumber,
  findCustomers,
  findPhone,
  listCustomers,
} from './customer-queries.ts'
export { CustomerBody, customerBody } from './customer-routes.ts'
export type { Identities, IdentityConfirmation, SealedIdentity } from './identity-decide.ts'
export { type IdentityRequest, readIdentityConfirmation } from './identity-door.ts'
export {
  type ConfirmedFactor,
  IDENTITY_FACTORS,
  type IdentityFactor,
  readDocumentNumber,
  tierOfFactors,
} from './identity-factor.ts'
export { findIdentityFactors, findPersonKey, findPersonOfDocument } from './identity-queries.ts'
export type { InstitutionRecord } from './institution.ts'
export { ensureInstitutionRecord } from './institution-store.ts'
export {
  type FeeRate,
  feeRateAt,
  MERCHANT_STATUSES,
  type Merchant,
  type MerchantRegistration,
  type MerchantStatus,
  merchantRegistrationForm,
} from './merchant.ts'
export type { FeeRateChange, Merchants } from './merchant-decide.ts'
export { FEE_RATE_MILLIONTHS_MAX, type MerchantRequest, readMerchantRegistration } from './merchant-door.ts'
export { findMerchant, findMerchants, listMerchants } from './merchant-queries.ts'
export { MerchantBody, merchantBody } from './merchant-routes.ts'
export { partyMigrations } from './migrations.ts'
export { createParty, type Party, type PartyOptions } from './party.ts'
export type { ApplicationAnswer, CodeAnswer, CustomerStatusChange, PartyCommands } from './party-commands.ts'
export {
  isPartyRefusal,
  PARTY_REFUSAL_MEANINGS,
  PARTY_REFUSALS,
  type PartyRefusal,
  type PartyRefusalCode,
} from './party-refusals.ts'
export { addPartyRoutes } from './party-routes.ts'
export {
  type DrawnCode,
  drawPaymentCode,
  isPaymentCode,
  LIVE_CODES_MAX,
  PAYMENT_CODE_LIFE,
  type PaymentCode,
  readPaymentCode,
} from './payment-code.ts'
export type { CodeIssue, PaymentCodes } from './payment-code-decide.ts'
export { maskedPhone, type PhoneNumber, readPhone } from './phone.ts'
export { partyRefusalAnswer } from './refusal-answer.ts'
export type { PartyRouteParts } from './route-parts.ts'
export { createVault, type Vault, type WrappedKey } from './vault.ts'
