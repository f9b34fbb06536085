/** Hashes are hexadecimal text in the program, since texts can be keys of maps, and bytes in tables. */
export function hashBytes<Hash extends string | null>(hash: Hash): Buffer | Extract<Hash, null>
export function hashBytes(hash: string | null): Buffer | null {
  return hash === null ? null : Buffer.from(hash, 'hex')
}
