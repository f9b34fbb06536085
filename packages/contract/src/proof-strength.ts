/**
 * How well a person proved who they are, weakest first: by one thing, by two things of different kinds, or by an electronic
 * signature of a key that its owner unlocked. Rules that allow more to a better proof compare places in this list.
 */
export const PROOF_STRENGTHS = ['one_factor', 'two_factors', 'contract'] as const
export type ProofStrength = (typeof PROOF_STRENGTHS)[number]

export function isAtLeast(strength: ProofStrength, wanted: ProofStrength): boolean {
  return PROOF_STRENGTHS.indexOf(strength) >= PROOF_STRENGTHS.indexOf(wanted)
}
