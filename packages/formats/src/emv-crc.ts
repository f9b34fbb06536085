/**
 * CRC-16/CCITT-FALSE over the UTF-8 bytes of a text, as EMVCo's merchant-presented codes end with it: polynomial 0x1021, start
 * 0xFFFF, nothing reflected, nothing xored at the end. It finds misread squares; it is no protection against people.
 */
export function emvCrc(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
