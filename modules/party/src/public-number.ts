import { invariant } from '@huitong/kernel'

/*
 * Public numbers: 16 digits, a prefix and twelve digits of an ordinal (1, 2, 3 …) that was sent through a bijection of
 * 0 … 10^12 − 1 onto itself. So they never repeat, fit where Alipay's do (`2088…` for users and sellers, `2021…` for
 * applications), and neighbours look unrelated. The bijection has no key and hides nothing from who knows it; a number is
 * a name, never a permission.
 */

const END = 10n ** 12n

interface Series {
  readonly prefix: string
  /** Ends in 1, 3, 7 or 9: only factors without a common divisor with 10^12 make a bijection. */
  readonly factor: bigint
  readonly shift: bigint
}

const SERIES = {
  person: { prefix: '2088', factor: 618_033_988_749n, shift: 102_271_828_182n },
  application: { prefix: '2021', factor: 414_213_562_373n, shift: 3_141_592_653n },
} as const satisfies Readonly<Record<string, Series>>

export type NumberSeries = keyof typeof SERIES

/** The public number of an ordinal in [1, 10^12). */
export function publicNumber(series: NumberSeries, ordinal: number): string {
  invariant(Number.isSafeInteger(ordinal) && ordinal >= 1 && ordinal < 1e12, `ordinal out of range: ${ordinal}`)
  const { prefix, factor, shift } = SERIES[series]
  return prefix + String((BigInt(ordinal) * factor + shift) % END).padStart(12, '0')
}
