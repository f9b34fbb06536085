import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { signHead } from '../src/signed-head.ts'
import { type VerifyReport, verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'
import { type History, institutionKey, rebuildChain, START, writeHistory } from './verify-history.ts'

const worlds: LedgerWorld[] = []

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.committer.stop()
})

async function history(): Promise<History> {
  const written = await writeHistory()
  worlds.push(written.world)
  return written
}

/** A history that was stopped in good order: everything is written back. */
async function stopped(): Promise<History> {
  const written = await writeHistory()
  await written.world.committer.stop()
  return written
}

function verify({ world, signedHeads }: History, withSignedHeads = false): Promise<VerifyReport> {
  const signed = { heads: signedHeads, publicKey: institutionKey.publicKey }
  return verifyLedger(world.institution.db, withSignedHeads ? { signedHeads: signed } : {})
}

function codes(report: VerifyReport): readonly string[] {
  return [...report.counts.keys()].sort()
}

describe('an untouched ledger', () => {
  it('is sound, and the report says what was looked at', async () => {
    const written = await stopped()
    const report = await verify(written, true)
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ sound: true, accounts: 6, holds: 4, transfers: 98, signedHeads: 2 })
    expect(report.totals).toMatchObject([{ currency: 'CNY', classes: { asset: 15_077n, income: 25n } }])
  })

  it('is sound when the last holder died before it wrote back, and after the next holder took over', async () => {
    const written = await history()
    expect((await verify(written, true)).findings).toEqual([])
    const successor = await startLedgerWorld({ clock: written.clock, institution: written.world.institution })
    worlds.push(successor)
    expect((await verify(written, true)).findings).toEqual([])
    await successor.committer.flush()
    expect((await verify(written, true)).findings).toEqual([])
  })

  it('is sound when it is empty', async () => {
    const world = await startLedgerWorld()
    worlds.push(world)
    expect(await verifyLedger(world.institution.db)).toMatchObject({ sound: true, findings: [], batch: 0 })
  })

  it('is sound while batches are committed, holds end, accounts change and balances are written back', async () => {
    const written = await history()
    const { world, alice, bob, clock } = written
    const { committer, commands } = world
    let going = true
    const writing = (async () => {
      for (let round = 0; going; round += 1) {
        const hold = await written.post(promise(alice, bob, 5n))
        await Promise.all([
          written.post(move(alice, bob, 2n)),
          written.post(move(bob, alice, 7n)),
          written.post({ type: 'capture', hold, amountMinor: 5n, final: true }),
          committer.submit({ kind: commands.setFloor, input: { account: bob, floorMinor: -500n - BigInt(round) } }),
          world.open('2003', 0n),
        ])
        clock.advance(3_000_000)
        if (round % 4 === 0) await committer.flush()
      }
    })()
    try {
      for (let round = 0; round < 12; round += 1) {
        await written.sign()
        expect((await verify(written, true)).findings).toEqual([])
      }
    } finally {
      going = false
      await writing
    }
    expect((await verify(written)).batch).toBe(committer.status().batch)
  })
})

describe('what was changed by hand is found', () => {
  it('a changed amount', async () => {
    const written = await stopped()
    await written.owner`
      update ledger_transfers set amount_minor = amount_minor + 1 where debit_account = ${written.bank} and debit_sequence = 2`
    const report = await verify(written)
    expect(codes(report)).toEqual(['batch_root_wrong', 'day_total_differs', 'entry_balance_wrong'])
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'entry_balance_wrong', account: written.bob, expected: '5001', found: '5000' }),
    )
  })

  it('a changed amount whose entries were made to fit', async () => {
    const written = await stopped()
    const { bank, alice } = written
    await written.owner`
      update ledger_transfers set amount_minor = 78, debit_balance_minor = debit_balance_minor + 1,
        credit_balance_minor = credit_balance_minor + 1
      where debit_account = ${bank} and credit_account = ${alice} and amount_minor = 77`
    expect(codes(await verify(written))).toEqual([
      'balance_differs',
      'batch_root_wrong',
      'day_total_differs',
      'entry_balance_wrong',
      'totals_not_balanced',
    ])
  })

  it('any other changed column of a transfer', async () => {
    const written = await stopped()
    const where = written.owner`debit_account = ${written.bank} and debit_sequence = 1`
    for (const change of [
      written.owner`reference = 4711`,
      written.owner`code = 1`,
      written.owner`id = id + 1`,
      written.owner`debit_balance_minor = debit_balance_minor + 1`,
      written.owner`credit_sequence = credit_sequence + 1`,
      written.owner`hold_expires_at = now()`,
    ]) {
      await written.owner`create table kept as select * from ledger_transfers where ${where}`
      await written.owner`update ledger_transfers set ${change} where ${where}`
      expect(codes(await verify(written))).toContain('batch_root_wrong')
      await written.owner`delete from ledger_transfers where (batch, position) = (select batch, position from kept)`
      await written.owner`insert into ledger_transfers select * from kept`
      await written.owner`drop table kept`
    }
    expect((await verify(written)).sound).toBe(true)
  })

  it('a removed transfer', async () => {
    const written = await stopped()
    await written.owner`delete from ledger_transfers where credit_account = ${written.bob} and credit_sequence = 5`
    const report = await verify(written)
    expect(codes(report)).toEqual(
      expect.arrayContaining([
        'batch_count_wrong',
        'batch_position_missing',
        'batch_root_wrong',
        'entry_out_of_sequence',
      ]),
    )
  })

  it('the last transfer of a batch removed', async () => {
    const written = await stopped()
    await written.owner`
      delete from ledger_transfers where (batch, position) in (select batch, max(position) from ledger_transfers group by 1 having count(*) > 5)`
    expect(codes(await verify(written))).toEqual(expect.arrayContaining(['batch_count_wrong', 'batch_root_wrong']))
  })

  it('two transfers that exchanged their positions', async () => {
    const written = await stopped()
    const { owner } = written
    const [busy] = await owner<{ batch: bigint }[]>`
      select batch from ledger_transfers group by batch having count(*) > 5 order by batch limit 1`
    const batch = busy?.batch ?? 0n
    await owner`update ledger_transfers set position = 1000 where batch = ${batch} and position = 1`
    await owner`update ledger_transfers set position = 1 where batch = ${batch} and position = 3`
    await owner`update ledger_transfers set position = 3 where batch = ${batch} and position = 1000`
    expect(codes(await verify(written))).toEqual(
      expect.arrayContaining(['batch_root_wrong', 'entry_out_of_sequence', 'id_not_growing']),
    )
  })

  it('a wrong balance, in any counter', async () => {
    const written = await stopped()
    for (const column of ['debits_posted', 'credits_posted', 'debits_pending', 'credits_pending']) {
      await written.owner.unsafe(
        `update ledger_balances set ${column} = ${column} + 1 where account_id = ${written.bob}`,
      )
      const report = await verify(written)
      expect(report.findings).toEqual([
        expect.objectContaining({ code: 'balance_differs', account: written.bob, what: column }),
      ])
      await written.owner.unsafe(
        `update ledger_balances set ${column} = ${column} - 1 where account_id = ${written.bob}`,
      )
    }
  })

  it('a balance row put back to an older state, one put ahead, a missing and an invented one', async () => {
    const written = await stopped()
    const { owner } = written
    await owner`
      update ledger_balances set sequence = 0, debits_posted = 0, credits_posted = 0, debits_pending = 0, credits_pending = 0,
        last_entry = null
      where account_id = ${written.alice}`
    await owner`update ledger_balances set sequence = sequence + 1 where account_id = ${written.bob}`
    await owner`delete from ledger_balances where account_id = ${written.carol}`
    await owner`insert into ledger_balances values (77, 0, 0, 0, 0, 0)`
    const report = await verify(written)
    expect(report.findings.map(({ code, account }) => [code, account])).toEqual(
      expect.arrayContaining([
        ['balance_behind_flushed', written.alice],
        ['balance_beyond_journal', written.bob],
        ['balance_row_missing', written.carol],
        ['balance_not_journaled', 77],
      ]),
    )
    expect(codes(report)).toHaveLength(4)
  })

  it('a changed floor, state, owner, subject and currency; a removed and an invented account', async () => {
    const written = await stopped()
    const { owner, alice, bob, carol, bank } = written
    await owner`update ledger_accounts set floor_minor = -100000 where id = ${alice}`
    await owner`update ledger_accounts set state = 'frozen', owner = 'customer:1' where id = ${bob}`
    await owner`update ledger_accounts set subject = '4001', currency = 'USD' where id = ${bank}`
    await owner`delete from ledger_accounts where id = ${carol}`
    await owner`insert into ledger_accounts select 99, subject, currency, owner, floor_minor, state from ledger_accounts where id = ${bob}`
    await owner`insert into ledger_accounts select ${carol + 1}, subject, currency, owner, floor_minor, state from ledger_accounts where id = ${bob}`
    const report = await verify(written)
    const found = report.findings.map(({ code, account, what }) => [code, account, what])
    expect(found.sort()).toEqual(
      [
        ['account_differs', alice, 'floor_minor'],
        ['account_differs', bob, 'state'],
        ['account_differs', bob, 'owner'],
        ['account_differs', bank, 'subject'],
        ['account_differs', bank, 'currency'],
        ['account_row_missing', carol, undefined],
        ['account_not_journaled', 99, undefined],
        ['account_not_journaled', carol + 1, undefined],
      ].sort(),
    )
  })

  it('a changed or removed event', async () => {
    const written = await stopped()
    await written.owner`update ledger_events set data = '{"floor_minor":"-501"}' where kind = 'floor_changed'`
    expect(codes(await verify(written))).toEqual(['account_differs', 'batch_root_wrong'])
    await written.owner`delete from ledger_events where kind = 'floor_changed'`
    expect(codes(await verify(written))).toEqual(['account_differs', 'batch_count_wrong', 'batch_root_wrong'])
  })

  it('an inserted hold, open or ended', async () => {
    const written = await stopped()
    const { owner, alice, bob, openHold } = written
    const [last] = await owner<{ id: bigint }[]>`select max(id) as id from ledger_transfers`
    const invented = [openHold + 1, Number(last?.id ?? 0n) + 1024 * 1000, 5]
    for (const id of invented) {
      await owner`insert into ledger_holds values (${id}, ${alice}, ${bob}, 10, 10, 1, null, 7, null)`
    }
    await owner`insert into ledger_holds values (${openHold + 2}, ${alice}, ${bob}, 10, 0, 3, null, 7, null)`
    const report = await verify(written)
    expect(codes(report)).toEqual(['hold_not_journaled', 'pending_differs_from_holds'])
    const found = report.findings.filter(({ code }) => code === 'hold_not_journaled').map(({ hold }) => hold)
    expect(found.sort()).toEqual([...invented, openHold + 2].sort())
  })

  it('a changed, reopened or removed hold', async () => {
    const written = await stopped()
    const { owner, openHold } = written
    await owner`update ledger_holds set remaining_minor = 349 where id = ${openHold}`
    await owner`update ledger_holds set state = 4 where state = 3`
    await owner`update ledger_holds set expires_at = expires_at + interval '1 day' where id = ${openHold}`
    await owner`update ledger_holds set state = 1, remaining_minor = 1 where state = 2`
    const report = await verify(written)
    const found = report.findings.map(({ code, what, expected, found: seen }) => [code, what, expected, seen])
    expect(found).toEqual(
      expect.arrayContaining([
        ['hold_differs', 'expires_at', String(START + 3_600_000_000), String(START + 90_000_000_000)],
        ['hold_differs', 'remaining_minor', '350', '349'],
        ['hold_differs', 'state', '3', '4'],
        ['hold_differs', 'state', '2', '1'],
      ]),
    )
    expect(codes(report)).toEqual(['hold_differs', 'pending_differs_from_holds'])
    await owner`delete from ledger_holds where id = ${openHold}`
    expect(codes(await verify(written))).toContain('hold_row_missing')
  })

  it('a link between entries or a mark that leads elsewhere, though neither is in the tree', async () => {
    const written = await stopped()
    const { owner, bob } = written
    await owner`update ledger_transfers set credit_previous = null where credit_account = ${bob} and credit_sequence = 9`
    await owner`update ledger_balances set last_entry = last_entry - 1 where account_id = ${bob}`
    await owner`update ledger_marks set location = location + 1 where account_id = ${bob}`
    await owner`insert into ledger_marks values (${bob}, 3, 65536, 0, 0, 0, 0)`
    const found = (await verify(written)).findings.map(({ code, account, what }) => [code, account, what])
    expect(found.sort()).toEqual(
      [
        ['entry_link_wrong', bob, undefined],
        ['balance_differs', bob, 'last_entry'],
        ['mark_differs', bob, 'entry 64'],
        ['mark_not_journaled', undefined, undefined],
      ].sort(),
    )
  })

  it('a removed batch in the middle', async () => {
    const written = await stopped()
    const [middle] = await written.owner<{ batch: bigint }[]>`select min(batch) as batch from ledger_transfers`
    const batch = middle?.batch ?? 0n
    await written.owner`delete from ledger_batches where number = ${batch}`
    expect(codes(await verify(written))).toEqual(expect.arrayContaining(['batch_missing', 'rows_without_batch']))
    await written.owner`delete from ledger_transfers where batch = ${batch}`
    expect(codes(await verify(written))).toContain('batch_missing')
  })

  it('the last batch removed: by the head, and once that is set back only by the signed head', async () => {
    const written = await history()
    const { owner } = written
    const [last] = await owner<{ number: bigint }[]>`select max(number) as number from ledger_batches`
    const number = last?.number ?? 0n
    await owner`delete from ledger_transfers where batch = ${number}`
    await owner`delete from ledger_batches where number = ${number}`
    expect(codes(await verify(written))).toContain('head_beyond_batches')
    await owner`
      update ledger_head h set number = b.number, hash = b.hash, at = b.at, accounting_day = b.accounting_day,
        last_counter = b.last_counter, flushed = least(h.flushed, b.number)
      from ledger_batches b where b.number = ${number - 1n}`
    expect((await verify(written)).findings).toEqual([])
    const report = await verify(written, true)
    expect(report.findings).toMatchObject([{ code: 'signed_head_beyond_end', batch: Number(number) }])
  })

  it('a wholly rebuilt chain: only by the signed head', async () => {
    const written = await history()
    const { owner, alice, carol } = written
    await owner`
      update ledger_transfers set amount_minor = 8, debit_balance_minor = debit_balance_minor - 1,
        credit_balance_minor = credit_balance_minor + 1
      where debit_account = ${alice} and credit_account = ${carol} and amount_minor = 7`
    expect(codes(await verify(written))).toEqual(['batch_root_wrong'])
    await rebuildChain(owner)
    expect((await verify(written)).findings).toEqual([])
    expect((await verify(written, true)).findings).toMatchObject([{ code: 'signed_head_differs', what: 'hash' }])
  })

  it('a forged signature and a head of another institution', async () => {
    const written = await stopped()
    const [genuine] = written.signedHeads
    if (genuine === undefined) throw new Error('nothing was signed')
    const historyRoot = Buffer.from(genuine.historyRoot ?? '', 'hex')
    const statement = { ...genuine, hash: Buffer.from(genuine.hash, 'hex'), historyRoot }
    written.signedHeads.push(
      signHead(generateKeyPairSync('ed25519').privateKey, statement),
      signHead(institutionKey.privateKey, { ...statement, institution: 'other' }),
    )
    expect((await verify(written, true)).findings.map(({ code }) => code)).toEqual([
      'signed_head_forged',
      'signed_head_of_other',
    ])
  })

  it('a head that was signed over another history', async () => {
    const written = await stopped()
    const [genuine] = written.signedHeads
    if (genuine === undefined) throw new Error('nothing was signed')
    const statement = { ...genuine, hash: Buffer.from(genuine.hash, 'hex'), historyRoot: Buffer.alloc(32, 7) }
    written.signedHeads.push(signHead(institutionKey.privateKey, statement))
    expect((await verify(written, true)).findings).toMatchObject([
      { code: 'signed_head_differs', what: 'history_root', found: genuine.historyRoot },
    ])
  })

  it('a changed seal: time, day, link, hash, counter, head', async () => {
    const written = await stopped()
    const { owner } = written
    const cases = [
      [`at = at + interval '1 microsecond'`, 'batch_hash_wrong'],
      [`at = at - interval '1 day'`, 'batch_time_not_growing'],
      [`accounting_day = '2026-11-21'`, 'accounting_day_wrong'],
      [`previous_hash = sha256('x')`, 'batch_not_linked'],
      [`hash = sha256('x')`, 'batch_hash_wrong'],
      [`root = sha256('x')`, 'batch_root_wrong'],
      [`count = count + 1`, 'batch_count_wrong'],
      [`last_counter = 0`, 'id_counter_falls'],
    ] as const
    for (const [change, code] of cases) {
      await owner`create table kept as select * from ledger_batches where number = 10`
      await owner.unsafe(`update ledger_batches set ${change} where number = 10`)
      expect(codes(await verify(written))).toContain(code)
      await owner`delete from ledger_batches where number = 10`
      await owner`insert into ledger_batches select * from kept`
      await owner`drop table kept`
    }
    await owner`update ledger_head set hash = sha256('x')`
    expect((await verify(written)).findings).toMatchObject([{ code: 'head_differs', what: 'hash' }])
    await owner`update ledger_head set number = number - 1, flushed = 0`
    expect(codes(await verify(written))).toEqual(['head_before_batches'])
  })

  it('a head or a batch whose counter of ids no id can have', async () => {
    const written = await stopped()
    await written.owner`update ledger_batches set last_counter = 9000000000000000000 where number = 20`
    expect(codes(await verify(written))).toContain('id_counter_falls')
    await written.owner`update ledger_head set last_counter = 9000000000000000000`
    expect(codes(await verify(written))).toContain('head_differs')
  })

  it('only from a batch on, when the batches before it are taken for proved', async () => {
    const written = await stopped()
    await written.owner`update ledger_transfers set reference = 4711 where batch = 8`
    const { db } = written.world.institution
    expect(codes(await verifyLedger(db, { from: 8 }))).toEqual(['batch_root_wrong'])
    expect(codes(await verifyLedger(db, { from: 9 }))).toEqual([])
  })

  it('outcomes and outbox events of batches that do not exist', async () => {
    const written = await stopped()
    await written.owner`update committer_outcome_batches set batch = batch + 1000000`
    await written.owner`insert into committer_outbox values (1000000, 0, 'topic', 'key', '{}')`
    expect(codes(await verify(written))).toEqual(['outbox_without_batch', 'outcome_without_batch', 'outcomes_differ'])
  })

  it('remembered outcomes before the first batch', async () => {
    const written = await stopped()
    await written.owner`insert into committer_outcome_batches values (0, 1, decode(repeat('00', 12), 'hex'), '[]')`
    const { findings } = await verify(written)
    expect(findings).toMatchObject([{ code: 'outcome_without_batch', batch: 0 }])
  })

  it('transfers that the rules forbid, though the chain was made to fit them', async () => {
    const written = await stopped()
    const { owner, alice, bob, carol } = written
    await owner`update ledger_events set data = '{"state":"frozen"}' where kind = 'state_changed' and account_id = ${carol}`
    await owner`update ledger_events set data = '{"floor_minor":"99999"}' where kind = 'floor_changed'`
    await owner`update ledger_events set data = replace(data, 'CNY', 'USD') where account_id = ${alice}`
    await owner`update ledger_transfers set credit_account = ${bob + 1} where kind = 1 and credit_account = ${bob} and credit_sequence = 1`
    await owner`update ledger_transfers set amount_minor = amount_minor + 1000, released_minor = released_minor + 1000 where kind = 3`
    await rebuildChain(owner)
    expect(codes(await verify(written))).toEqual(
      expect.arrayContaining([
        'event_breaks_rule',
        'hold_entry_breaks_rule',
        'transfer_account_not_open',
        'transfer_account_unknown',
        'transfer_currency_differs',
      ]),
    )
  })

  it('a floor that was broken, though the chain was made to fit', async () => {
    const written = await stopped()
    await written.owner`update ledger_events set data = replace(data, '"floor_minor":"0"', '"floor_minor":"9990"') where account_id = ${written.alice}`
    await rebuildChain(written.owner)
    expect(codes(await verify(written))).toEqual(['account_differs', 'floor_violated'])
  })
})
