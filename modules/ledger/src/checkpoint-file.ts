import { createHash, type KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import {
  CHECKPOINT_FORM,
  type Checkpoint,
  checkpointText,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts'
import type { CheckpointLine } from './checkpoint-line.ts'

const FIRST_LINE = `huitong checkpoint ${CHECKPOINT_FORM}`
const BUFFER_CHARACTERS = 1_000_000
/** The newest is what is used; older ones in case that it is lost. */
export const CHECKPOINTS_KEPT = 3

/** Why a checkpoint is not used. `other_form`: another version of the program wrote it, which is nobody's fault. */
export const CHECKPOINT_FAULTS = {
  other_form: 'another version of the program wrote it',
  unreadable: 'the statement cannot be read',
  other_institution: 'it is of another institution',
  forged: 'the signature is not of the institution',
  file_missing: 'its file is missing',
  file_changed: 'its file is not the one that was signed',
  beyond_end: 'its batch is not in the journal',
  batch_differs: 'its batch is not the one in the journal',
} as const

export type CheckpointFault = keyof typeof CHECKPOINT_FAULTS

/** A checkpoint that the institution signed, with its file as it was signed. */
export interface OpenedCheckpoint extends Checkpoint {
  /** The lines of the file after its first, many at a time. */
  lines(): AsyncIterable<readonly string[]>
}

export interface RefusedCheckpoint {
  /** By the name of the file. */
  readonly number: number
  readonly fault: CheckpointFault
}

/** The checkpoints of an institution in a folder: `<institution>-<batch>.checkpoint` and its signed statement, `….checkpoint.json`. */
export class CheckpointFolder {
  readonly #directory: string
  readonly institution: string
  readonly #kept: number

  /** Of more than `kept` checkpoints the oldest are taken away when one is written. */
  constructor(directory: string, institution: string, kept = CHECKPOINTS_KEPT) {
    this.#directory = directory
    this.institution = institution
    this.#kept = kept
  }

  /** The batches of which there are checkpoints, newest first. */
  async numbers(): Promise<readonly number[]> {
    const names = await readdir(this.#directory).catch(() => [])
    const found = names.map((name) => {
      const [, institution, number] = /^(.+)-([1-9]\d{0,14})\.checkpoint\.json$/.exec(name) ?? []
      return institution === this.institution ? Number(number) : 0
    })
    return found.filter((number) => number > 0).toSorted((a, b) => b - a)
  }

  /** The newest statement of a batch up to `end` that can be read; its signature is not looked at. */
  async newest(end = Number.MAX_SAFE_INTEGER): Promise<Checkpoint | undefined> {
    for (const number of await this.numbers()) {
      if (number > end) continue
      const parsed = parseCheckpoint(await readFile(this.#statement(number), 'utf8').catch(() => ''))
      if (typeof parsed === 'object') return parsed
    }
    return undefined
  }

  /** Reads the whole file once to compare its hash, before anything in it is believed. */
  async open(number: number, publicKey: KeyObject): Promise<Result<OpenedCheckpoint, CheckpointFault>> {
    const checkpoint = parseCheckpoint(await readFile(this.#statement(number), 'utf8').catch(() => ''))
    if (checkpoint === undefined) return err('unreadable')
    if (checkpoint === 'other_form') return err('other_form')
    if (checkpoint.institution !== this.institution) return err('other_institution')
    if (!verifyCheckpoint(publicKey, checkpoint) || checkpoint.number !== number) return err('forged')
    const path = this.#file(number)
    const found = await hashOf(path)
    if (found === undefined) return err('file_missing')
    return found === checkpoint.sha256
      ? ok({ ...checkpoint, lines: () => linesOf(path, checkpoint) })
      : err('file_changed')
  }

  /** Writes the file, without a statement: it counts for nothing yet. */
  async draft(number: number, lines: Iterable<CheckpointLine>): Promise<CheckpointDraft> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    await this.#sweep()
    const path = `${this.#file(number)}.${process.pid}.part`
    const hash = createHash('sha256')
    const file = await open(path, 'w', 0o600)
    try {
      let text = `${FIRST_LINE}\n`
      const put = async (): Promise<void> => {
        hash.update(text)
        await file.appendFile(text)
        text = ''
      }
      for (const line of lines) {
        text += `${JSON.stringify(line)}\n`
        if (text.length > BUFFER_CHARACTERS) await put()
      }
      await put()
      await file.sync()
    } finally {
      await file.close()
    }
    return { number, path, sha256: hash.digest('hex') }
  }

  async abandon({ path }: CheckpointDraft): Promise<void> {
    await rm(path, { force: true })
  }

  /** Signs the statement that makes a checkpoint of the draft, and takes away the oldest ones. */
  async sign(draft: CheckpointDraft, key: KeyObject, of: Pick<Checkpoint, 'hash' | 'at' | 'accountingDay'>) {
    const { number, path, sha256 } = draft
    const checkpoint = signCheckpoint(key, { institution: this.institution, number, ...of, sha256 })
    await rename(path, this.#file(number))
    const part = `${this.#statement(number)}.${process.pid}.part`
    const statement = await open(part, 'w', 0o600)
    try {
      await statement.appendFile(checkpointText(checkpoint))
      await statement.sync()
    } finally {
      await statement.close()
    }
    await rename(part, this.#statement(number))
    for (const old of (await this.numbers()).slice(this.#kept)) {
      await rm(this.#statement(old), { force: true })
      await rm(this.#file(old), { force: true })
    }
    return checkpoint
  }

  /** Takes away what a process left that was killed while it wrote; each writes under a name of its own. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const [, institution, pid] = /^(.+)-\d+\.checkpoint(?:\.json)?\.(\d+)\.part$/.exec(name) ?? []
      if (institution === this.institution && !isAlive(Number(pid)))
        await rm(join(this.#directory, name), { force: true })
    }
  }

  #file(number: number): string {
    return join(this.#directory, `${this.institution}-${number}.checkpoint`)
  }

  #statement(number: number): string {
    return `${this.#file(number)}.json`
  }
}

export interface CheckpointDraft {
  readonly number: number
  readonly path: string
  readonly sha256: string
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Alive and somebody else's, if it is not allowed.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch {
    return undefined
  }
  return hash.digest('hex')
}

/** Hashes once more what it reads: nobody may change the file in between. */
async function* linesOf(path: string, { sha256 }: Checkpoint): AsyncGenerator<readonly string[]> {
  const hash = createHash('sha256')
  let rest = ''
  let isFirst = true
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: BUFFER_CHARACTERS })) {
    const text = String(chunk)
    hash.update(text)
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    if (isFirst) invariant(lines.shift() === FIRST_LINE, `a signed checkpoint begins with ${FIRST_LINE}`)
    isFirst = false
    yield lines
  }
  invariant(rest === '' && hash.digest('hex') === sha256, 'the checkpoint was changed while it was read')
}
