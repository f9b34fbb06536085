import type { Caller, ProofStrength } from '@huitong/contract'

/** What is asked of a payer's session where a command's input does not say more: a one-time link, which is one thing that one has. */
export const SESSION_STRENGTH: ProofStrength = 'one_factor'

/**
 * The proof that a command of this caller stands on. It decides what may be spent and is no part of what was asked for, so it stays out
 * of the canonical form of inputs: who signs in anew and sends the same request again gets the first answer.
 */
export function callerStrength(caller: Caller): ProofStrength {
  return caller.strength ?? SESSION_STRENGTH
}
