import type { Outcome } from '@huitong/committer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balancesAsOf } from '../src/as-of-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { leave, type Prepared, prepare, SECOND } from './model-world.ts'
import { DAYS, type Request, request, type Wave, wave } from './random-requests.ts'
import { replayedHistory } from './replayed-history.ts'
import { resolve } from './resolve-changes.ts'
import { type Resolved, resolved } from './resolved.ts'

/** All rows that tell what is, without what tells batches apart; `dated` with the days that things belong to. */
async function everything({ world }: Prepared, dated: boolean) {
  await world.committer.flush()
  const rows = await world.institution.db.read(async (tx) => ({
    accounts: await tx.sql`select * from ledger_accounts order by id`,
    balances: await tx.sql`
      select account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending
      from ledger_balances order by account_id`,
    transfers: await tx.sql`
      select id, kind, code, debit_account, credit_account, amount_minor, released_minor, hold_id, hold_expires_at, reference,
        reverses, entry, debit_sequence, debit_balance_minor, credit_sequence, credit_balance_minor
      from ledger_transfers order by id`,
    holds: await tx.sql`select * from ledger_holds order by id`,
    freezes: await tx.sql`select * from ledger_freezes order by id`,
    reversals: await tx.sql`select * from ledger_reversals order by transfer_id`,
    templates: await tx.sql`select name, version, definition from ledger_templates order by name, version`,
    policies: await tx.sql`select * from ledger_posting_policies order by account_id`,
    buffered:
      await tx.sql`select id, debit_account, credit_account, amount_minor, code from ledger_buffered order by id`,
    buffers: await tx.sql`select * from ledger_buffers order by debit_account, credit_account`,
    sets: await tx.sql`select * from ledger_sets order by id`,
    members:
      await tx.sql`select set_id, account_id from ledger_set_members where to_batch is null order by set_id, account_id`,
    setBalances: await tx.sql`select * from ledger_set_balances order by set_id, currency`,
    scheduled: await tx.sql`
      select id, due_at, raw, legs, state, transfers, refusal from ledger_scheduled_postings order by id`,
    metadata: await tx.sql`select * from ledger_metadata order by object_id, key`,
    settings: await tx.sql`select * from ledger_settings`,
    days: await tx.sql`select day, next_day, closed_by, tied_batch is null as untied from ledger_days order by day`,
    years: await tx.sql`select * from ledger_years order by year`,
    // Which batch a day was tied at is told in the event, and is another one in another institution.
    events: await tx.sql`
      select kind, account_id, case when kind <> 'day_tied' then data end as data
      from ledger_events order by batch, position`,
  }))
  if (!dated) return rows
  return world.institution.db.read(async (tx) => ({
    ...rows,
    effective: await tx.sql`select id, effective_on from ledger_transfers order by id`,
    dayTotals: await tx.sql`
      select day, effective_on, year_end, subject, currency, debits_minor, credits_minor, entries
      from ledger_day_totals order by day, effective_on, year_end, subject, currency`,
  }))
}

/** An outcome without the number of its batch, also inside the answer. */
function told(outcome: Outcome<unknown>): unknown {
  if (outcome.status === 'done') {
    const { answer, repeated } = outcome
    const told = typeof answer === 'object' && answer !== null ? { ...answer, batch: 0 } : answer
    return { status: 'done', answer: answer instanceof Map ? answer : told, repeated }
  }
  if (outcome.status === 'refused') return { refusal: outcome.refusal, repeated: outcome.repeated }
  return outcome.status
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

/** Sends the same to both institutions, to one all at once and to the other each after the answer to the last. */
async function send(together: Prepared, apart: Prepared, commands: readonly Resolved[]): Promise<void> {
  const before = together.world.committer.status().batch
  const mixed = await Promise.all(commands.map(({ submit }) => submit(together.world)))
  expect(together.world.committer.status().batch).toBe(before + 1)
  const single = []
  for (const { submit } of commands) single.push(await submit(apart.world))
  expect(mixed.map(told)).toEqual(single.map(told))
  expect(mixed.map(codeOf)).toEqual(commands.map(({ expected }) => expected))
  expect(commands.map(({ learn }) => learn(undefined)).filter((wrong) => wrong !== undefined)).toEqual([])
}

/** What was answered under a key is answered again, for ever; under it no other request is done. */
async function expectRemembered(together: Prepared, apart: Prepared, asked: readonly Resolved[]): Promise<void> {
  for (const { key, expected, submit } of asked) {
    if (key === undefined) continue
    const [one, other] = [await submit(together.world), await submit(apart.world)]
    expect(told(one)).toEqual(told(other))
    expect(codeOf(one)).toBe(expected)
    if (one.status === 'done' || one.status === 'refused') expect(one.repeated).toBe(true)
  }
}

function closing({ oracle }: Prepared, day: number): Resolved {
  const next = DAYS[day] ?? ''
  return resolved(oracle.days.close(next), ({ closeDay }) => closeDay, { next })
}

async function inBoth(run: (together: Prepared, apart: Prepared) => Promise<void>): Promise<void> {
  const [together, apart] = await Promise.all([prepare(), prepare()])
  try {
    expect(together.ids).toEqual(apart.ids)
    await run(together, apart)
    expect(differences(together, await balancesOf(together))).toEqual([])
    expect((await verifyLedger(together.world.institution.db)).findings).toEqual([])
    expect((await verifyLedger(apart.world.institution.db)).findings).toEqual([])
  } finally {
    await Promise.all([leave(together), leave(apart)])
  }
}

async function balancesOf({ world }: Prepared) {
  await world.committer.flush()
  const rows = await world.institution.db.read(
    ({ sql }) =>
      sql<
        {
          account_id: bigint
          debits_posted: bigint
          credits_posted: bigint
          debits_pending: bigint
          credits_pending: bigint
        }[]
      >`select * from ledger_balances`,
  )
  return new Map(
    rows.map((row) => [
      Number(row.account_id),
      `${row.debits_posted} ${row.credits_posted} ${row.debits_pending} ${row.credits_pending}`,
    ]),
  )
}

/** Balances that are not those of the oracle. */
function differences({ oracle, ids }: Prepared, found: ReadonlyMap<number, string>): readonly string[] {
  return oracle.core.accounts.flatMap(({ debits, credits, debitsPending, creditsPending }, number) => {
    const expected = `${debits} ${credits} ${debitsPending} ${creditsPending}`
    const shown = found.get(ids[number] ?? 0)
    return shown === expected ? [] : [`account ${number} has ${shown} and should have ${expected}`]
  })
}

/**
 * The law that guards the committer: any mixed batch has the same outcomes and leaves the same rows as its commands one by one. And both
 * are what the oracle predicts, every refusal included.
 */
describe('a mixed batch', () => {
  it('has the outcomes and leaves the rows of its commands one by one, as predicted', {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wave, { minLength: 1, maxLength: 4 }), (waves: readonly Wave[]) =>
        inBoth(async (together, apart) => {
          const asked: Resolved[] = []
          for (const { requests, closes, seconds } of waves) {
            const commands = requests.map((one) => resolve(together, one))
            // What comes after the end of a day in its batch still belongs to that day, so here a day ends with its batch.
            if (closes !== null) commands.push(closing(together, closes))
            await send(together, apart, commands)
            asked.push(...commands)
            for (const { clock } of [together, apart]) clock.advance(seconds * SECOND)
          }
          expect(await everything(together, true)).toEqual(await everything(apart, true))
          await expectRemembered(together, apart, asked)
          await expectDaysSumToZero(together)
          await expectAsOfIsReplay(together)
        }),
      ),
      { numRuns: 20 },
    )
  })

  it('goes on with its day when that ends in the middle of it', { timeout: 600_000 }, async () => {
    const split = fc.tuple(fc.array(undated, { maxLength: 15 }), fc.array(undated, { maxLength: 15 }))
    await fc.assert(
      fc.asyncProperty(split, ([before, after]) =>
        inBoth(async (together, apart) => {
          const close = () => closing(together, 4)
          const commands = before.map((one) => resolve(together, one))
          commands.push(close(), ...after.map((one) => resolve(together, one)))
          await send(together, apart, commands)
          expect(await everything(together, false)).toEqual(await everything(apart, false))
        }),
      ),
      { numRuns: 8 },
    )
  })
})

/** What has the same outcome on either side of the end of a day. */
const undated = request
  .filter(({ type }) => type !== 'policy')
  .map(
    (one): Request =>
      one.type === 'post' ? { ...one, legs: one.legs.map((leg) => ('day' in leg ? { ...leg, day: null } : leg)) } : one,
  )

/** Of every day and currency, by whatever day things belong to, debits are credits; and subjects have what their transfers come to. */
async function expectDaysSumToZero({ world }: Prepared): Promise<void> {
  const { unequal, untrue } = await world.institution.db.read(async ({ sql }) => ({
    unequal: await sql`
      select day, effective_on, currency from ledger_day_totals group by day, effective_on, currency
      having sum(debits_minor) <> sum(credits_minor)`,
    untrue: await sql`
      with sides as (
        select b.accounting_day as day, coalesce(t.effective_on, b.accounting_day) as effective_on, t.code in (30, 31) as year_end,
          s.account_id, s.debit, s.credit
        from ledger_transfers t join ledger_batches b on b.number = t.batch
        cross join lateral (values (t.debit_account, t.amount_minor, 0), (t.credit_account, 0, t.amount_minor)) as s (account_id, debit, credit)
        where t.kind in (1, 3)),
      expected as (
        select day, effective_on, year_end, subject, currency, sum(debit) as debits, sum(credit) as credits, count(*) as entries
        from sides join ledger_accounts a on a.id = account_id group by day, effective_on, year_end, subject, currency)
      select * from expected full join ledger_day_totals d using (day, effective_on, year_end, subject, currency)
      where debits is distinct from d.debits_minor or credits is distinct from d.credits_minor or expected.entries is distinct from d.entries`,
  }))
  expect({ unequal, untrue }).toEqual({ unequal: [], untrue: [] })
}

/** What the reader of the past finds at every batch is what adding up the journal to there gives. */
async function expectAsOfIsReplay({ world, ids }: Prepared): Promise<void> {
  const expected = await replayedHistory(world, ids)
  for (const [batch, balances] of expected.entries()) {
    const opened = ids.filter((id) => balances.get(id) !== undefined)
    const found = await world.institution.db.read((tx) => balancesAsOf(tx, opened, batch, new Map()))
    expect(Object.fromEntries(found), `batch ${batch}`).toEqual(Object.fromEntries(balances))
  }
}
