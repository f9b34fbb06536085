import { type FileHandle, open } from 'node:fs/promises'
import { HistoryFollower, parseSignedHead, type SignedHead, signedHeadLine, signHead } from '@huitong/ledger'
import type { Institution } from './institution.ts'
import { type Repeated, repeat } from './repeat.ts'

const EVERY_MS = 1000

export interface HeadsFile extends Repeated {
  /** A signed head of this batch or a later one; signs now if there is none yet. Undefined when the journal does not go so far. */
  signedHead(batch: number): Promise<SignedHead | undefined>
}

/**
 * Keeps signed statements of where the journal ended, one a line, outside the database: from them `ledger verify` can tell that
 * no batch was taken off the end and that the chain was not built anew. At most one a second, and only when there is news. To be
 * stopped after the committer, so that the last batch is signed too.
 */
export function startHeadsFile(institution: Institution, path: string): HeadsFile {
  const { db, keys, schema, log } = institution
  const history = new HistoryFollower()
  let opened: OpenHeads | undefined
  let latest: SignedHead | undefined
  let turns: Promise<unknown> = Promise.resolve()

  async function append(): Promise<undefined> {
    const statement = await db.read((tx) => history.statement(tx, schema))
    const number = statement?.number ?? 0
    if (opened === undefined) {
      opened = await openHeads(path)
      latest = opened.lastHead
      const { last } = opened
      if (number < last) {
        const facts = { institution: schema, number, signed: last }
        log.error(facts, 'the journal ends before a head that was signed; run ledger verify')
      }
    }
    if (statement !== undefined && number > opened.last) {
      const signed = signHead(keys.head, statement)
      await opened.file.appendFile(`${signedHeadLine(signed)}\n`)
      await opened.file.datasync()
      opened.last = number
      latest = signed
    }
  }

  /** One after the other: two at once would write one batch twice. */
  function turn(): Promise<undefined> {
    const next = turns.then(append)
    turns = next.catch(() => undefined)
    return next
  }

  const onError = (error: unknown): void =>
    log.warn({ institution: schema, err: error }, 'a head could not be signed now')
  const appending = repeat(EVERY_MS, turn, onError)
  const reaches = (batch: number): boolean =>
    latest !== undefined && latest.number >= batch && latest.historyRoot !== null
  return {
    signedHead: async (batch) => {
      if (!reaches(batch)) await turn()
      return reaches(batch) ? latest : undefined
    },
    stop: async () => {
      await appending.stop()
      await turn().catch(onError)
      await opened?.file.close()
    },
  }
}

interface OpenHeads {
  readonly file: FileHandle
  readonly lastHead: SignedHead | undefined
  /** The batch of the last signed head. */
  last: number
}

/** Reads the last whole line. A line that a crash cut off says nothing and is taken away. */
async function openHeads(path: string): Promise<OpenHeads> {
  const file = await open(path, 'a+', 0o600)
  try {
    const bytes = await file.readFile()
    const end = bytes.lastIndexOf('\n') + 1
    if (end < bytes.length) await file.truncate(end)
    const start = end < 2 ? 0 : bytes.lastIndexOf('\n', end - 2) + 1
    const head = parseSignedHead(bytes.subarray(start, Math.max(0, end - 1)).toString('utf8'))
    return head.ok ? { file, lastHead: head.value, last: head.value.number } : { file, lastHead: undefined, last: 0 }
  } catch (error) {
    await file.close()
    throw error
  }
}
