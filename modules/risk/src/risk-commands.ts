import type { CommandKind, WorkingSet, WorkingTable } from '@huitong/committer'
import { beijingDay, canonicalJson, err, invariant, ok } from '@huitong/kernel'
import { policyText } from './policy.ts'
import { POLICIES } from './policy-store.ts'
import type { NewPolicyVersion, PolicyVersion } from './policy-version.ts'

export interface RiskCommands {
  /** Gives an institution without a policy its first one; one that has a policy is left alone. */
  readonly adoptPolicy: CommandKind<NewPolicyVersion, { readonly version: number }>
  /** Dates a new policy, from today or a later day on. */
  readonly addPolicy: CommandKind<NewPolicyVersion, { readonly version: number }>
}

export function createRiskCommands(
  set: WorkingSet,
  policies: WorkingTable<typeof POLICIES, readonly PolicyVersion[]>,
): RiskCommands {
  function add(before: readonly PolicyVersion[], version: NewPolicyVersion): { readonly version: number } {
    const added: PolicyVersion = { ...version, version: before.length + 1, addedAt: set.batch.at }
    policies.put(POLICIES, [...before, added])
    return { version: added.version }
  }

  const common = {
    need: () => policies.need(POLICIES),
    form: ({ effectiveFrom, policy, source }: NewPolicyVersion) =>
      canonicalJson({ effectiveFrom, policy: policyText(policy), source }),
    encode: (answer: { readonly version: number }) => JSON.stringify(answer),
    decode: (text: string) => {
      const value: unknown = JSON.parse(text)
      invariant(typeof value === 'object' && value !== null && 'version' in value, 'a remembered answer has a version')
      return { version: Number(value.version) }
    },
  }

  return {
    adoptPolicy: {
      ...common,
      name: 'risk.adopt-policy',
      decide: (version) => {
        const before = policies.get(POLICIES) ?? []
        return ok(before.length > 0 ? { version: before.length } : add(before, version))
      },
    },
    addPolicy: {
      ...common,
      name: 'risk.add-policy',
      decide: (version) => {
        const before = policies.get(POLICIES) ?? []
        const last = before.at(-1)
        if (version.effectiveFrom < beijingDay(set.batch.at)) return err({ code: 'policy_effective_in_past' })
        if (last !== undefined && version.effectiveFrom <= last.effectiveFrom) {
          return err({ code: 'policy_not_after_last', facts: { effective_from: last.effectiveFrom } })
        }
        return ok(add(before, version))
      },
    },
  }
}
