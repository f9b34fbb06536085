import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseSignedHead, type SignedHead } from './signed-head.ts'

/** A file of signed heads has a line that is none. */
export class SignedHeadUnreadable extends Error {
  override readonly name = 'SignedHeadUnreadable'

  constructor(path: string, line: number) {
    super(`Line ${line} of ${path} is not a signed head.`)
  }
}

/** A last line that cannot be read is one that the running server is writing, or did not finish when it was killed. */
export async function* readSignedHeads(path: string): AsyncGenerator<SignedHead> {
  let number = 0
  let unreadable: number | undefined
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    if (unreadable !== undefined) throw new SignedHeadUnreadable(path, unreadable)
    number += 1
    const head = parseSignedHead(line)
    if (head.ok) yield head.value
    else unreadable = number
  }
}
