import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { currencyCode, formatAmount } from '@huitong/kernel'
import {
  CheckpointFolder,
  CheckpointMissing,
  CheckpointRefused,
  type CheckpointSource,
  readHead,
  readSignedHeads,
  VERIFY_FINDINGS,
  type VerifyReport,
  verifyFromCheckpoint,
  verifyLedger,
} from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import { BUSINESS_TIES } from '@huitong/server'
import { CliError, EXIT } from './cli-error.ts'
import { archivesIn } from './ledger-archive-command.ts'
import { withInstitution } from './open-database.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'

export interface VerifyCommandOptions extends LedgerOptions {
  /** Signed heads and the key that they and checkpoints are checked by; those of the data folder unless told. */
  readonly heads?: string
  readonly publicKey?: string
  readonly from?: 'start' | 'checkpoint' | number
  /** Write a checkpoint. */
  readonly checkpoint?: boolean
  /** How many checkpoints stay. */
  readonly keep: number
  /** The folder with the files of archived stretches. */
  readonly archive?: string
}

/** `huitong ledger verify`. Returns the exit code: a ledger that is not sound is no error of the program. */
export async function verify(options: VerifyCommandOptions): Promise<number> {
  yieldToPayments()
  const { data, institution, from } = options
  const headsFile = options.heads ?? join(data, 'heads', `${institution}.jsonl`)
  const keyFile = options.publicKey ?? join(data, 'keys', `${institution}.head.public.pem`)
  const signed = existsSync(headsFile) && existsSync(keyFile)
  if (!signed && (options.heads !== undefined || options.publicKey !== undefined)) {
    throw new CliError(EXIT.usage, `There is no file ${existsSync(headsFile) ? keyFile : headsFile}.`)
  }
  const publicKey = existsSync(keyFile) ? await readPublicKey(keyFile) : undefined
  const folder = new CheckpointFolder(join(data, 'checkpoints'), institution, options.keep)
  const signingKey = options.checkpoint === true ? await readSigningKey(options) : undefined
  const archives = options.archive === undefined ? undefined : await archivesIn(options.archive, institution)
  const heads = { heads: readSignedHeads(headsFile), all: options.heads !== undefined }
  const rest = {
    ties: BUSINESS_TIES,
    ...(signed && publicKey !== undefined ? { signedHeads: { ...heads, publicKey } } : {}),
    ...(archives === undefined ? {} : { archives }),
    ...(signingKey === undefined ? {} : { writer: { folder, key: signingKey } }),
    ...(process.stderr.isTTY === true && !options.json ? { onProgress: showProgress } : {}),
  }
  const report = await withInstitution(data, institution, async (db) => {
    if (typeof from === 'number') await refuseBeyondHead(db, from)
    if (from === 'start' || typeof from === 'number') return await verifyLedger(db, { ...rest, from })
    if (publicKey !== undefined)
      return await fromCheckpoint(db, { folder, publicKey, required: from === 'checkpoint' }, rest)
    if (from === undefined) return await verifyLedger(db, rest)
    throw new CliError(EXIT.usage, `There is no file ${keyFile}, by which a checkpoint could be checked.`)
  })
  if (process.stderr.isTTY === true && !options.json) process.stderr.write('\r\u001b[K')
  if (options.json)
    printJson({ ...report, totals: report.totals.map(totalText), counts: Object.fromEntries(report.counts) })
  else printReport(report, signed)
  return report.sound ? 0 : EXIT.unsound
}

/** Nice 19, as checkpoints: as fast as ever on an idle machine, and elsewhere it takes what payments leave. */
function yieldToPayments(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW)
  } catch {
    // This machine lets nobody do that, or we are as low already.
  }
}

/** The one that heads are signed with, which only stands in the data folder of the server. */
async function readSigningKey({ data, institution, from }: VerifyCommandOptions): Promise<KeyObject> {
  if (typeof from === 'number') {
    throw new CliError(EXIT.usage, 'A checkpoint is only written of a journal that was hashed: leave out --from.')
  }
  const path = join(data, 'keys', `${institution}.head.pem`)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw new CliError(EXIT.usage, `There is no key ${path} to sign a checkpoint with.`)
  return createPrivateKey(text)
}

async function fromCheckpoint(
  db: InstitutionDatabase,
  source: CheckpointSource,
  options: Parameters<typeof verifyFromCheckpoint>[2],
): Promise<VerifyReport> {
  try {
    return await verifyFromCheckpoint(db, source, options)
  } catch (error) {
    if (error instanceof CheckpointRefused || error instanceof CheckpointMissing)
      throw new CliError(EXIT.refused, error.message)
    throw error
  }
}

async function readPublicKey(path: string): Promise<KeyObject> {
  const key = await readFile(path, 'utf8')
    .then((text) => createPublicKey(text))
    .catch(() => undefined)
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new CliError(EXIT.usage, `The file ${path} holds no Ed25519 public key.`)
}

/** Else nothing at all would be hashed, and the report would call that sound. */
async function refuseBeyondHead(db: InstitutionDatabase, from: number): Promise<void> {
  const { number } = await db.read((tx) => readHead(tx))
  if (from > number) throw new CliError(EXIT.usage, `--from ${from} is beyond the last batch, ${number}.`)
}

function showProgress({ batch, end, transfers }: { batch: number; end: number; transfers: number }): void {
  process.stderr.write(`\rbatch ${batch} of ${end}, ${transfers} transfers\u001b[K`)
}

/** Sums as decimal text; amounts do not become JSON numbers. */
function totalText({ currency, debitsMinor, creditsMinor, classes }: VerifyReport['totals'][number]) {
  const code = currencyCode(currency)
  const amount = (minor: bigint): string => (code.ok ? formatAmount(minor, code.value) : String(minor))
  return {
    currency,
    debits: amount(debitsMinor),
    credits: amount(creditsMinor),
    classes: Object.fromEntries(Object.entries(classes).map(([name, minor]) => [name, amount(minor)])),
  }
}

function printReport(report: VerifyReport, signed: boolean): void {
  const { after, batch, hash, transfers, accounts, holds, signedHeads, checkpoint } = report
  const replayed =
    after === 0
      ? `Replayed ${batch} batches`
      : `Replayed ${batch - after} batches after the checkpoint of batch ${after}`
  printLine(`${replayed}: ${transfers} transfers, ${accounts} accounts, ${holds} holds in all.`)
  printLine(`The journal ends with ${hash}.`)
  printLine(
    signed ? `${signedHeads} signed heads were checked.` : 'No signed heads were checked: there is no file of them.',
  )
  if (checkpoint !== null) printLine(`A checkpoint of batch ${checkpoint.number} was written.`)
  printLine(report.sound ? 'Sound: nothing was found.' : 'NOT SOUND:')
  for (const [code, count] of report.counts) {
    printLine(`  ${count} × ${code}: ${VERIFY_FINDINGS[code]}`)
    for (const finding of report.findings.filter((one) => one.code === code).slice(0, 5)) {
      const { code: _, ...facts } = finding
      printLine(
        `      ${Object.entries(facts)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`,
      )
    }
  }
}
