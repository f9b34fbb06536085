// Crockford's alphabet, lower case: no i, l, o or u, so that an id read aloud or copied by hand stays itself.
export const BASE32_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

// Multiplication by x in the field of 32 elements, modulo the primitive polynomial x^5 + x^2 + 1.
function timesX(element: number): number {
  const doubled = element << 1
  return doubled >= 32 ? doubled ^ 0b100101 : doubled
}

/**
 * The check digit (0–31) of a text of base-32 digits: their sum in the field of 32 elements, the last digit weighted by x,
 * the one before by x², and so on. The weights of up to 30 digits and of the check digit itself (1) are all different and
 * none is zero, so every single wrong digit and every swap of two neighbours (of any two, in fact) changes the sum.
 * Luhn's method cannot do this over an even alphabet, and Crockford's modulo 37 needs signs that URLs would escape.
 */
export function checkDigit(digits: readonly number[]): number {
  let sum = 0
  for (const digit of digits) sum = timesX(sum ^ digit)
  return sum
}
