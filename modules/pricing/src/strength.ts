/**
 * How well a payer proved who he is for one payment, strongest first. The rules for payment accounts and bar codes set a sum a day for
 * each: by contract where a certificate or an electronic signature (a passkey is one) is among two factors, less for two factors
 * without one, less for one factor, least for a printed code, whatever the proof.
 */
export const STRENGTHS = ['contract', 'two_factors', 'one_factor', 'static_code'] as const

export type Strength = (typeof STRENGTHS)[number]

export function strengthOf(text: string): Strength | undefined {
  return STRENGTHS.find((strength) => strength === text)
}
