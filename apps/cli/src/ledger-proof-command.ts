import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePublicId } from '@huitong/kernel'
import { batchOfId, parseSignedHead, readTransferProof, type SignedHead, transferProofBody } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { withInstitution } from './open-database.ts'
import type { LedgerOptions } from './options.ts'
import { printJson } from './output.ts'

/** `huitong ledger proof TRANSFER`: up to the newest signed head of the data folder. */
export async function proveTransfer(
  transferText: string,
  options: LedgerOptions & { readonly heads?: string },
): Promise<void> {
  const id = parsePublicId('tran', transferText)
  if (!id.ok) throw new CliError(EXIT.usage, `${transferText} is not the id of a transfer.`)
  const headsFile = options.heads ?? join(options.data, 'heads', `${options.institution}.jsonl`)
  if (!existsSync(headsFile)) throw new CliError(EXIT.usage, `There is no file ${headsFile}.`)
  const proof = await withInstitution(options.data, options.institution, async (db) => {
    const batch = await db.read((tx) => batchOfId(tx, id.value))
    const head = await lastHead(headsFile)
    if (batch !== undefined && (head === undefined || head.number < batch)) {
      const last = head === undefined ? 'there is none' : `the newest is of batch ${head.number}`
      throw new CliError(
        EXIT.refused,
        `No signed head covers batch ${batch} yet; ${last}. A running server signs one a second.`,
      )
    }
    return head === undefined ? undefined : await db.read((tx) => readTransferProof(tx, id.value, head))
  })
  if (proof === undefined) throw new CliError(EXIT.refused, `There is no transfer ${transferText}.`)
  printJson(transferProofBody(proof))
}

/** Lines are a few hundred bytes; the last may be one that the server is just writing. */
const TAIL_BYTES = 64 * 1024

/** The last whole line with a history root. */
async function lastHead(path: string): Promise<SignedHead | undefined> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n').toReversed()
    for (const line of lines) {
      const head = parseSignedHead(line)
      if (head.ok && head.value.historyRoot !== null) return head.value
    }
    return undefined
  } finally {
    await file.close()
  }
}
