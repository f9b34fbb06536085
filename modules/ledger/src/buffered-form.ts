import type { BufferedPosting } from './posting-policy.ts'
import { TRANSFER_CODES } from './transfer.ts'

const BUFFERED_FORM = 30

/** Buffered posting, form 30 (51 bytes): form 1, code 2, then 8 bytes each: id, debit, credit, amount, reference or 0, position. Big endian. */
export function bufferedBytes(posting: BufferedPosting): Uint8Array {
  const bytes = Buffer.allocUnsafe(51)
  bytes[0] = BUFFERED_FORM
  bytes.writeUInt16BE(TRANSFER_CODES[posting.code], 1)
  const fields = [
    posting.id,
    posting.debit,
    posting.credit,
    posting.amountMinor,
    posting.reference ?? 0,
    posting.position,
  ]
  for (const [index, field] of fields.entries()) bytes.writeBigInt64BE(BigInt(field), 3 + index * 8)
  return bytes
}
