import { err, ok, type Result } from '@huitong/kernel'
import type { DatedRule } from './dated-rule.ts'
import type { LimitRefusal } from './limit-refusals.ts'

/** The version that comes after these: today or later, and after the last. The first may have begun in the past, when it was written elsewhere. */
export function decideNextVersion<New extends DatedRule>(
  versions: readonly DatedRule[],
  added: New,
  today: string,
  addedAt: number,
): Result<New & { readonly version: number; readonly addedAt: number }, LimitRefusal> {
  const last = versions.at(-1)
  if (last !== undefined && added.effectiveFrom < today) return err({ code: 'parameter_effective_in_past' })
  if (last !== undefined && added.effectiveFrom <= last.effectiveFrom) {
    return err({ code: 'parameter_not_after_last', facts: { effective_from: last.effectiveFrom } })
  }
  return ok({ ...added, version: versions.length + 1, addedAt })
}
