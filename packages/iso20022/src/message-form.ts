import { canonicalJson } from '@huitong/kernel'
import type { IsoMessage } from './iso-message.ts'

/** A message as canonical text: the same text means the same message. */
export function messageForm(message: IsoMessage): string {
  const plain: unknown = JSON.parse(
    JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  )
  return canonicalJson(plain)
}
