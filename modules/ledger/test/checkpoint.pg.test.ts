import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveTransfers } from '../src/archive.ts'
import { CheckpointFolder } from '../src/checkpoint-file.ts'
import { signHead } from '../src/signed-head.ts'
import { type VerifyReport, verifyLedger } from '../src/verify.ts'
import { ArchiveMissing } from '../src/verify-archives.ts'
import { CheckpointRefused } from '../src/verify-checkpoint.ts'
import { CheckpointMissing, verifyFromCheckpoint } from '../src/verify-from-checkpoint.ts'
import { move, promise } from './ledger-world.ts'
import { type History, institutionKey, rebuildChain, writeHistory } from './verify-history.ts'

let directory: string
let written: History
let folder: CheckpointFolder

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'huitong-checkpoint-'))
  written = await writeHistory()
  await written.world.committer.flush()
  folder = new CheckpointFolder(directory, written.world.institution.schema)
})

afterEach(async () => {
  await written.world.committer.stop()
  await rm(directory, { recursive: true, force: true })
})

function writer() {
  return { folder, key: institutionKey.privateKey }
}

function fromStart(): Promise<VerifyReport> {
  const { world, signedHeads } = written
  return verifyLedger(world.institution.db, {
    signedHeads: { heads: signedHeads, publicKey: institutionKey.publicKey },
  })
}

function fromCheckpoint(required = true, write = false): Promise<VerifyReport> {
  const { world, signedHeads } = written
  const { publicKey } = institutionKey
  return verifyFromCheckpoint(
    world.institution.db,
    { folder, publicKey, required },
    { signedHeads: { heads: signedHeads, publicKey }, ...(write ? { writer: writer() } : {}) },
  )
}

async function write(): Promise<number> {
  const report = await verifyLedger(written.world.institution.db, { writer: writer() })
  expect(report.findings).toEqual([])
  return report.checkpoint?.number ?? 0
}

/** More of everything, after the checkpoint. */
async function goOn(): Promise<void> {
  const { world, alice, bob, carol, bank, openHold, post } = written
  const { committer, commands } = world
  await post({ type: 'capture', hold: openHold, amountMinor: 30n, final: false })
  const hold = await post(promise(alice, bob, 70n))
  await post({ type: 'void', hold })
  for (let count = 0; count < 70; count += 1) await post(move(alice, bob, 1n))
  await world.open('2003', 0n)
  await post(move(bank, carol, 9n))
  await committer.submit({ kind: commands.setState, input: { account: carol, state: 'frozen' } })
  await committer.submit({ kind: commands.closeDay, input: { next: '2026-11-24' } })
  await post(move(bank, alice, 5n))
  await written.sign()
  await committer.flush()
}

function codes(report: VerifyReport): readonly string[] {
  return [...report.counts.keys()].sort()
}

const SAME = ['sound', 'batch', 'hash', 'transfers', 'accounts', 'holds', 'totals', 'findings'] as const

function same(report: VerifyReport) {
  return Object.fromEntries(SAME.map((name) => [name, report[name]]))
}

describe('a verification from a checkpoint', () => {
  it('says what one from the start says, replaying only what came later', async () => {
    const number = await write()
    expect(number).toBe(written.world.committer.status().batch)
    expect(await fromCheckpoint()).toMatchObject({ sound: true, after: number, batch: number, signedHeads: 0 })
    await goOn()
    const report = await fromCheckpoint()
    expect(report).toMatchObject({ sound: true, after: number, signedHeads: 1 })
    expect(same(report)).toEqual(same(await fromStart()))
  })

  it('looks at the signed heads of its last batch too, and at none before', async () => {
    const number = await write()
    await written.sign()
    const last = written.signedHeads.at(-1)
    if (last?.number !== number) throw new Error('not a head of the last batch')
    expect(await fromCheckpoint()).toMatchObject({ sound: true, after: number, signedHeads: 1 })
    const historyRoot = Buffer.from(last.historyRoot ?? '', 'hex')
    const forged = { ...last, hash: Buffer.alloc(32, 7), historyRoot }
    written.signedHeads.push(signHead(generateKeyPairSync('ed25519').privateKey, forged))
    expect(codes(await fromCheckpoint())).toEqual(['signed_head_forged'])
  })

  it('writes the same next checkpoint as one from the start', async () => {
    await write()
    await goOn()
    const next = (await fromCheckpoint(true, true)).checkpoint
    expect(next?.number).toBe(written.world.committer.status().batch)
    const [file = ''] = (await readdir(directory)).filter((name) => name.endsWith(`-${next?.number}.checkpoint`))
    const whole = await readFile(join(directory, file), 'utf8')
    await verifyLedger(written.world.institution.db, { writer: writer() })
    expect(await readFile(join(directory, file), 'utf8')).toBe(whole)
    expect(whole.split('\n').slice(0, 2)).toEqual(['huitong checkpoint 2', expect.stringMatching(/^\["chain",\d+,/)])
  })

  it('is of the last batch that was written back, and holds when the rest follows', async () => {
    await written.post(move(written.alice, written.bob, 4n))
    const { batch } = written.world.committer.status()
    const number = await write()
    expect(number).toBeLessThan(batch)
    expect((await fromCheckpoint()).findings).toEqual([])
    await written.world.committer.flush()
    expect(same(await fromCheckpoint())).toEqual(same(await fromStart()))
  })

  it('keeps the newest three', async () => {
    for (let count = 0; count < 5; count += 1) {
      await written.post(move(written.alice, written.bob, 1n))
      await written.world.committer.flush()
      await write()
    }
    expect(await folder.numbers()).toHaveLength(3)
    expect(await readdir(directory)).toHaveLength(6)
    expect((await fromCheckpoint()).after).toBe(written.world.committer.status().batch)
  })

  it('writes none of a ledger in which something was found', async () => {
    await written.owner`update ledger_balances set credits_posted = credits_posted + 1 where account_id = ${written.bob}`
    const report = await verifyLedger(written.world.institution.db, { writer: writer() })
    expect(report).toMatchObject({ sound: false, checkpoint: null })
    expect(await readdir(directory)).toEqual([])
  })

  it('begins at the start when there is none, unless one is required', async () => {
    expect(await fromCheckpoint(false)).toMatchObject({ sound: true, after: 0 })
    await expect(fromCheckpoint()).rejects.toThrow(CheckpointMissing)
  })

  it('needs no file of what was archived before', async () => {
    await written.world.committer.stop()
    const early = await writeHistory(512)
    written = early
    folder = new CheckpointFolder(directory, early.world.institution.schema)
    while (early.world.committer.status().batch < 560) await early.post(move(early.alice, early.bob, 1n))
    await early.world.committer.submit({ kind: early.world.commands.closeDay, input: { next: '2026-12-01' } })
    await early.world.committer.flush()
    const number = await write()
    const archive = join(directory, 'archive')
    const owner = (await early.world.institution.dedicated({})).sql
    const moved = await archiveTransfers(owner, early.world.institution.schema, '2026-12-01', archive)
    expect(moved).toHaveLength(1)
    await early.post(move(early.alice, early.bob, 1n))
    await expect(fromStart()).rejects.toThrow(ArchiveMissing)
    expect(await fromCheckpoint()).toMatchObject({ sound: true, after: number })
  }, 120_000)
})

describe('what was changed by hand after the checkpoint is found as from the start', () => {
  const CHANGES: readonly [what: string, sql: string][] = [
    ['an amount', `update ledger_transfers set amount_minor = amount_minor + 1 where batch > $1 and kind = 1`],
    ['a transfer that is gone', `delete from ledger_transfers where batch = (select max(batch) from ledger_transfers)`],
    ['an event', `update ledger_events set data = replace(data, 'frozen', 'open') where batch > $1`],
    ['an event that is gone', `delete from ledger_events where batch > $1 and kind = 'state_changed'`],
    ['the hash of a batch', `update ledger_batches set hash = sha256('x') where number > $1`],
    ['a batch that is gone', `delete from ledger_batches where number = $1 + 3`],
    ['a balance', `update ledger_balances set credits_posted = credits_posted + 1`],
    ['the balance of an account at rest', `update ledger_balances set sequence = sequence + 1 where sequence < 3`],
    ['an open hold', `update ledger_holds set remaining_minor = remaining_minor - 1 where state = 1`],
    ['the terms of an older hold', `update ledger_holds set reference = 7168 where state = 1`],
    ['an older hold that is open again', `update ledger_holds set state = 1, remaining_minor = 1 where state = 4`],
    ['an open hold that is gone', `delete from ledger_holds where state = 1`],
    ['the floor of an account', `update ledger_accounts set floor_minor = -9 where state = 'open' and floor_minor = 0`],
    ['a mark that is gone', `delete from ledger_marks where location > $1::int8 * 65536`],
    ['a total of a day', `update ledger_day_totals set debits_minor = debits_minor + 1`],
    ['a closed day', `update ledger_days set closed_by = 'nobody'`],
    ['the head', `update ledger_head set at = at + interval '1 second'`],
  ]

  it.each(CHANGES)('%s', async (_what, change) => {
    const number = await write()
    await goOn()
    const changed = await written.owner.unsafe(change.replaceAll('$1', String(number)))
    expect(changed.count).toBeGreaterThan(0)
    const found = codes(await fromCheckpoint())
    expect(found).not.toEqual([])
    expect(codes(await fromStart())).toEqual(expect.arrayContaining([...found]))
  })

  it('but what stands before it is only looked at from the start', async () => {
    await write()
    await goOn()
    const { owner, bank, bob } = written
    await owner`
      update ledger_transfers set amount_minor = amount_minor + 1
      where debit_account = ${bank} and credit_account = ${bob} and debit_sequence = 2`
    expect(await fromCheckpoint()).toMatchObject({ sound: true })
    expect(codes(await fromStart())).toContain('batch_root_wrong')
  })
})

describe('a checkpoint is refused', () => {
  const fault = async (number: number, key = institutionKey.publicKey) => {
    const opened = await folder.open(number, key)
    return opened.ok ? 'none' : opened.error
  }

  it('when any byte of its statement is another', async () => {
    const number = await write()
    const path = join(directory, `${folder.institution}-${number}.checkpoint.json`)
    const text = await readFile(path, 'utf8')
    expect(await fault(number)).toBe('none')
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === '7' ? '8' : '7'
      await writeFile(path, `${text.slice(0, at)}${other}${text.slice(at + 1)}`)
      expect(await fault(number), `byte ${at}`).not.toBe('none')
    }
    for (const changed of [
      text.trimEnd(),
      ` ${text}`,
      text.replace('":"', '": "'),
      '',
      '{}',
      text.replace('"version":2', '"version":1'),
    ]) {
      await writeFile(path, changed)
      expect(await fault(number), changed).not.toBe('none')
    }
  })

  it('when any line of its file is another, is cut off, or has one more after it', async () => {
    const number = await write()
    const path = join(directory, `${folder.institution}-${number}.checkpoint`)
    const lines = (await readFile(path, 'utf8')).split('\n')
    expect(lines.length).toBeGreaterThan(20)
    for (const [index, line] of lines.entries()) {
      const changed = lines.with(index, line.length === 0 ? ' ' : line.replace(/.$/, '7'))
      await writeFile(path, changed.join('\n'))
      expect(await fault(number), line).toBe('file_changed')
    }
    await writeFile(path, lines.slice(0, -2).join('\n'))
    expect(await fault(number)).toBe('file_changed')
    await writeFile(path, lines.concat('["marks",1]', '').join('\n'))
    expect(await fault(number)).toBe('file_changed')
    await rm(path)
    expect(await fault(number)).toBe('file_missing')
  })

  it('when somebody else signed it, or it has the name of another one', async () => {
    const number = await write()
    expect(await fault(number, generateKeyPairSync('ed25519').publicKey)).toBe('forged')
    const path = (of: number, end: string) => join(directory, `${folder.institution}-${of}.checkpoint${end}`)
    for (const end of ['', '.json']) await writeFile(path(number + 1, end), await readFile(path(number, end)))
    expect(await fault(number + 1)).toBe('forged')
    const report = await fromCheckpoint()
    expect(report).toMatchObject({ sound: false, after: number })
    expect(report.findings).toEqual([
      { code: 'checkpoint_refused', batch: number + 1, what: 'the signature is not of the institution' },
    ])
  })

  it('when its batch is not in the journal, or another one; then all is verified', async () => {
    await goOn()
    const number = await write()
    await written.owner`update ledger_transfers set amount_minor = amount_minor + 1 where batch = ${number - 1}`
    await rebuildChain(written.owner)
    await expect(fromCheckpoint()).rejects.toThrow(CheckpointRefused)
    const rebuilt = await fromCheckpoint(false)
    expect(rebuilt.after).toBe(0)
    expect(rebuilt.findings).toContainEqual({
      code: 'checkpoint_refused',
      batch: number,
      what: 'its batch is not the one in the journal',
    })
    await written.owner`delete from ledger_batches where number = ${number}`
    expect((await fromCheckpoint(false)).findings).toContainEqual({
      code: 'checkpoint_refused',
      batch: number,
      what: 'its batch is not in the journal',
    })
  })

  it('silently only when another version of the program wrote it', async () => {
    const number = await write()
    const path = join(directory, `${folder.institution}-${number}.checkpoint.json`)
    await writeFile(path, (await readFile(path, 'utf8')).replace('"version":2', '"version":9'))
    expect(await fault(number)).toBe('other_form')
    expect(await fromCheckpoint(false)).toMatchObject({ sound: true, after: 0 })
    await expect(fromCheckpoint()).rejects.toThrow(/another version/)
  })
})
