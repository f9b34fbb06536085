import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant } from '@huitong/kernel'
import type { ApplicationRegistration, KeyRotation } from './application.ts'
import type { Applications } from './application-decide.ts'
import type { CustomerStatus } from './customer.ts'
import type { Customers } from './customer-decide.ts'
import type { FeeRateChange, Merchants } from './merchant-decide.ts'
import type { CodeIssue, PaymentCodes } from './payment-code-decide.ts'

/** What a command about an application answers. Keys are not in it: answers are remembered, secrets are not. */
export interface ApplicationAnswer {
  readonly appId: string
  readonly keyVersion: number
}

export interface CodeAnswer {
  /** µs */
  readonly expiresAt: number
}

export interface CustomerStatusChange {
  readonly customerId: number
  readonly status: Extract<CustomerStatus, 'active' | 'frozen'>
}

export interface PartyCommands {
  readonly registerApplication: CommandKind<ApplicationRegistration, ApplicationAnswer>
  readonly rotateKeys: CommandKind<KeyRotation, ApplicationAnswer>
  readonly setFeeRate: CommandKind<FeeRateChange, { readonly validFrom: number }>
  readonly issuePaymentCode: CommandKind<CodeIssue, CodeAnswer>
  readonly setCustomerStatus: CommandKind<CustomerStatusChange, { readonly status: string }>
  readonly eraseCustomer: CommandKind<{ readonly customerId: number }, { readonly status: string }>
}

/** Party's own commands. Registering customers and merchants opens accounts too, so those commands are made further up. */
export function createPartyCommands(party: Customers & Merchants & Applications & PaymentCodes): PartyCommands {
  return {
    registerApplication: {
      name: 'party.register-application',
      need: (input) => party.needApplicationRegistration(input),
      decide: (input) => {
        const result = party.registerApplication(input)
        return result.ok ? { ok: true, value: applicationAnswer(result.value) } : result
      },
      // The hash of the API key is drawn anew with every try, so it is no part of what was asked for.
      form: ({ merchantId, name, signType, notifyUrl, publicKey, apiKeyHash }) =>
        canonicalJson({
          merchantId,
          name,
          signType,
          notifyUrl,
          publicKey: base64(publicKey),
          withApiKey: apiKeyHash !== null,
        }),
      ...applicationCodec,
    },
    rotateKeys: {
      name: 'party.rotate-application-keys',
      need: (input) => party.needApplication(input.appId),
      decide: (input) => {
        const result = party.rotateKeys(input)
        return result.ok ? { ok: true, value: applicationAnswer(result.value) } : result
      },
      form: ({ appId, publicKey, apiKeyHash }) =>
        canonicalJson({ appId, publicKey: base64(publicKey), withApiKey: apiKeyHash !== null }),
      ...applicationCodec,
    },
    setFeeRate: {
      name: 'party.set-fee-rate',
      need: (input) => party.needMerchant(input.merchantId),
      decide: (input) => {
        const result = party.setFeeRate(input)
        if (!result.ok) return result
        invariant(result.value.validFrom !== undefined, 'a fee rate that was set has a date')
        return { ok: true, value: { validFrom: result.value.validFrom } }
      },
      form: (input) => canonicalJson(input),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => ({ validFrom: Number(members(text).validFrom) }),
    },
    issuePaymentCode: {
      name: 'party.issue-payment-code',
      need: (input) => party.needCodeIssue(input),
      decide: (input) => {
        const result = party.issuePaymentCode(input)
        return result.ok ? { ok: true, value: { expiresAt: result.value.expiresAt } } : result
      },
      form: ({ customerId, lifeMicros }) => canonicalJson({ customerId, lifeMicros }),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => ({ expiresAt: Number(members(text).expiresAt) }),
    },
    setCustomerStatus: {
      name: 'party.set-customer-status',
      need: (input) => party.needCustomer(input.customerId),
      decide: (input) => {
        const result = party.setCustomerStatus(input.customerId, input.status)
        return result.ok ? { ok: true, value: { status: result.value.status } } : result
      },
      form: (input) => canonicalJson(input),
      ...statusCodec,
    },
    eraseCustomer: {
      name: 'party.erase-customer',
      need: (input) => party.needErasure(input.customerId),
      decide: (input) => {
        const result = party.eraseCustomer(input.customerId)
        return result.ok ? { ok: true, value: { status: result.value.status } } : result
      },
      form: (input) => canonicalJson(input),
      ...statusCodec,
    },
  }
}

const applicationCodec = {
  encode: (answer: ApplicationAnswer) => JSON.stringify(answer),
  decode: (text: string): ApplicationAnswer => {
    const { appId, keyVersion } = members(text)
    return { appId: String(appId), keyVersion: Number(keyVersion) }
  },
}

const statusCodec = {
  encode: (answer: { readonly status: string }) => JSON.stringify(answer),
  decode: (text: string) => ({ status: String(members(text).status) }),
}

function applicationAnswer(application: ApplicationAnswer): ApplicationAnswer {
  return { appId: application.appId, keyVersion: application.keyVersion }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function members(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text)
  invariant(typeof value === 'object' && value !== null, 'a remembered answer is an object')
  return Object.fromEntries(Object.entries(value))
}
