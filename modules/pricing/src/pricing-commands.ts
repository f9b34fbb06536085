import type { CommandKind } from '@huitong/committer'
import { canonicalJson, err, invariant, ok } from '@huitong/kernel'
import { CUSTOMER_TIERS, type CustomerTier, type IdentityConfirmation, type Party } from '@huitong/party'
import type { Limits } from './limits.ts'
import type { NewVersion, ParameterId } from './parameter.ts'
import { EVERY_MERCHANT, type NewSharingRule } from './sharing-rule.ts'
import type { SharingRules } from './sharing-rules.ts'

export interface NewParameterVersion extends NewVersion {
  readonly id: ParameterId
}

export interface NewMerchantSharingRule extends NewSharingRule {
  readonly merchant: number
}

export interface PricingCommands {
  /** Gives parameters that have no version yet their first one; the others are left as they are. */
  readonly adoptParameters: CommandKind<readonly NewParameterVersion[], { readonly added: number }>
  readonly addParameterVersion: CommandKind<NewParameterVersion, { readonly version: number }>
  /** Dates how much of a payment may be passed on: by one merchant, or under `EVERY_MERCHANT` by all that have no rule of their own. */
  readonly addSharingRule: CommandKind<NewMerchantSharingRule, { readonly version: number }>
  /** Confirms a customer's identity one way more, and lets the limits of the person hold for all of his accounts. */
  readonly confirmIdentity: CommandKind<IdentityConfirmation, { readonly tier: CustomerTier }>
}

export function createPricingCommands(limits: Limits, sharing: SharingRules, party: Party): PricingCommands {
  return {
    adoptParameters: {
      name: 'pricing.adopt-parameters',
      need: (versions) => {
        for (const { id } of versions) limits.needParameter(id)
      },
      decide: (versions) => {
        let added = 0
        for (const { id, ...version } of versions) {
          if (limits.versions(id).length > 0) continue
          const first = limits.addVersion(id, version)
          if (!first.ok) return first
          added += 1
        }
        return ok({ added })
      },
      form: (versions) => canonicalJson(versions.map(versionForm)),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => ({ added: numberOf(text, 'added') }),
    },

    addParameterVersion: {
      name: 'pricing.add-parameter-version',
      need: ({ id }) => limits.needParameter(id),
      decide: ({ id, ...version }) => {
        const added = limits.addVersion(id, version)
        return added.ok ? ok({ version: added.value.version }) : err(added.error)
      },
      form: (version) => canonicalJson(versionForm(version)),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => ({ version: numberOf(text, 'version') }),
    },

    addSharingRule: {
      name: 'pricing.add-sharing-rule',
      need: ({ merchant }) => {
        sharing.need(merchant)
        if (merchant !== EVERY_MERCHANT) party.needMerchant(merchant)
      },
      decide: ({ merchant, ...version }) => {
        if (merchant !== EVERY_MERCHANT && party.merchant(merchant) === undefined) {
          return err({ code: 'merchant_not_found' })
        }
        const added = sharing.addVersion(merchant, version)
        return added.ok ? ok({ version: added.value.version }) : err(added.error)
      },
      form: (version) => canonicalJson({ ...version }),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => ({ version: numberOf(text, 'version') }),
    },

    confirmIdentity: {
      name: 'pricing.confirm-identity',
      need: (input) => {
        party.needConfirmation(input)
        limits.needSpending(input.customer)
      },
      decide: (input) => {
        const confirmed = party.confirmIdentity(input)
        if (!confirmed.ok) return confirmed
        if (confirmed.value.person !== null) limits.join(input.customer, confirmed.value.person)
        return ok({ tier: confirmed.value.tier })
      },
      // Sealing draws a nonce, so the sealed bytes of a repeat differ; the hash says that the document is the same.
      form: ({ customer, factor, reference, document }) =>
        canonicalJson({ customer, factor, reference, document: document?.documentHash ?? null }),
      encode: (answer) => JSON.stringify(answer),
      decode: (text) => {
        const stored = numberOf(text, 'tier')
        const tier = CUSTOMER_TIERS.find((known) => known === stored)
        invariant(tier !== undefined, 'a remembered class is a class')
        return { tier }
      },
    },
  }
}

function versionForm(version: NewParameterVersion) {
  const { amountMinor, ...rest } = version
  return { ...rest, amountMinor: amountMinor === null ? null : String(amountMinor) }
}

function numberOf(text: string, member: string): number {
  const value: unknown = JSON.parse(text)
  invariant(typeof value === 'object' && value !== null, 'a remembered answer is an object')
  const found: unknown = Object.entries(value).find(([name]) => name === member)?.[1]
  invariant(typeof found === 'number', `a remembered answer has a number ${member}`)
  return found
}
