import type { IsoMessage } from '@huitong/iso20022'

/*
 * A message as it waits to be sent: what it says, as data. It becomes XML when it is sent, in a thread, so the committer's loop neither
 * writes XML nor signs. It was made by a command and never came from outside, so it is not judged again when it is read.
 */

/** As JSON; amounts, which JSON numbers would damage, as `{"bigint":"8888"}`. */
export function messageText(message: IsoMessage): string {
  return JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: String(value) } : value))
}

/** The other direction. */
export function messageOf(text: string): IsoMessage {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'bigint' in value ? BigInt(String(value.bigint)) : value,
  )
}
