/** An amount as requests name it, of fen. */
export function yuan(minor: bigint): { readonly currency: 'CNY'; readonly value: string } {
  return { currency: 'CNY', value: `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}` }
}

/** Fen of decimal text with two places. */
export function fen(text: string): bigint {
  if (!/^-?\d+\.\d\d$/.test(text)) throw new Error(`no amount of yuan: ${text}`)
  return BigInt(text.replace('.', ''))
}
