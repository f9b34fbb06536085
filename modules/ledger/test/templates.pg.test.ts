import { readFileSync } from 'node:fs'
import { CNY, formatAmount, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi
const subjectOf = new Map<string, string>()
beforeAll(async () => {
  api = await startLedgerApi()
  for (const subject of ['1002', '2003', '3002', '4001', '5001', '6001']) {
    for (const currency of ['CNY', 'USD']) {
      if (subject === '4001' && currency === 'USD') continue
      subjectOf.set(await api.open(subject, undefined, currency), subject)
    }
  }
})
afterAll(() => api.stop())

let keys = 0
const put = (name: string, body: unknown) => api.call('PUT', `/v1/ledger/templates/${name}`, { body })
const run = (name: string, args: unknown, more: object = {}) => {
  keys += 1
  const body = { arguments: args, ...more }
  return api.call('POST', `/v1/ledger/templates/${name}/postings`, { key: `run ${keys}`, body })
}
const trial = (name: string, args: unknown) =>
  api.call('POST', `/v1/ledger/templates/${name}/trials`, { body: { arguments: args } })

interface Line {
  readonly side: string
  readonly account: string
  readonly amount: string
  readonly currency: string
}

function linesOf(value: unknown): readonly Line[] {
  return Array.isArray(value) ? value : []
}

/** The fenced blocks of the page that follow a comment, in order. */
const page = readFileSync(new URL('../../../docs/concepts/templates.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/<!-- (template|run|lines)(?:: ([a-z-]+))? -->\n```(?:json)?\n([\s\S]*?)```/g)].map(
  ([, kind, name = '', text = '']) => ({ kind, name, text }),
)

describe('the examples of the documentation', () => {
  it('are published, tried and posted, and come to the lines that are shown', async () => {
    let posted: readonly Line[] = []
    let tried: readonly Line[] = []
    expect(blocks.filter(({ kind }) => kind === 'lines').length).toBeGreaterThanOrEqual(4)
    for (const { kind, name, text } of blocks) {
      if (kind === 'template') {
        expect(await put(name, { definition: JSON.parse(text) })).toMatchObject({
          status: 200,
          body: { balance: 'proved', version: 1 },
        })
      } else if (kind === 'run') {
        const would = await trial(name, JSON.parse(text))
        expect(would).toMatchObject({ status: 200, body: { would: 'post' } })
        tried = linesOf(would.body.lines)
        const done = await run(name, JSON.parse(text))
        expect(done.status).toBe(201)
        const entry = await api.get(`/v1/ledger/entries/${done.body.entry}`)
        expect(entry.body.facts).toMatchObject({ template: { name, version: '1', arguments: JSON.parse(text) } })
        const transfers = Array.isArray(entry.body.transfers) ? entry.body.transfers : []
        expect(would.body.transfers).toMatchObject(
          transfers.map(({ debit, credit, amount, currency }) => ({ debit, credit, amount, currency })),
        )
        posted = linesOf(entry.body.lines)
      } else {
        const shown = text
          .trim()
          .split('\n')
          .map((line) => line.trim().split(/\s+/).join(' '))
        const told = (lines: readonly Line[]) =>
          lines.map((line) => `${line.side} ${subjectOf.get(line.account)} ${line.amount} ${line.currency}`)
        expect(told(posted)).toEqual(shown)
        expect(told(tried)).toEqual(shown)
      }
    }
    expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
  })
})

const definition = (change: object = {}) => ({
  parameters: { amount: { type: 'amount', currency: 'CNY' }, from: { type: 'account', subjects: ['2003'] } },
  lines: [
    { side: 'debit', account: { parameter: 'from' }, currency: 'CNY', amount: 'amount' },
    { side: 'credit', account: { ownAccount: '5001' }, currency: 'CNY', amount: 'amount' },
  ],
  ...change,
})
const from = () => [...subjectOf].find(([, subject]) => subject === '2003')?.[0] ?? ''

describe('a parameter of type date', () => {
  it('is the day to which the entry belongs, by the rules of back-dating', async () => {
    const { parameters } = definition()
    const dated = definition({ parameters: { ...parameters, on: { type: 'date' } }, effectiveOn: 'on' })
    expect((await put('dated', { definition: dated })).status).toBe(200)
    const { committer, commands } = api.world
    expect((await committer.submit({ kind: commands.closeDay, input: { next: '2026-11-26' } })).status).toBe('done')
    const args = { amount: '3.00', from: from() }
    const posted = await run('dated', { ...args, on: '2026-11-22' })
    expect(posted.status).toBe(201)
    const entry = await api.get(`/v1/ledger/entries/${posted.body.entry}`)
    expect(entry.body.transfers).toMatchObject([{ effectiveOn: '2026-11-22', accountingDay: '2026-11-26' }])
    const today = await run('dated', { ...args, on: '2026-11-26' })
    const shown = await api.get(`/v1/ledger/entries/${today.body.entry}`)
    expect(shown.body.transfers).toMatchObject([{ effectiveOn: null }])
    for (const on of ['2026-11-27', '2020-01-01']) {
      expect((await run('dated', { ...args, on })).status).toBe(422)
      expect((await trial('dated', { ...args, on })).body).toMatchObject({ would: 'refuse' })
    }
    expect((await run('dated', args)).status).toBe(422)
    expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
  })
})

describe('publishing', () => {
  it('makes a version that never changes, the next one for another definition, none for the same', async () => {
    expect((await put('move', { definition: definition(), replaces: 0 })).body).toMatchObject({ version: 1 })
    expect((await put('move', { definition: definition() })).body).toMatchObject({ version: 1 })
    const second = await put('move', { definition: definition({ description: 'x' }), replaces: 1 })
    expect(second.body).toMatchObject({ version: 2 })
    expect(await put('move', { definition: definition(), replaces: 1 })).toMatchObject({ status: 409 })
    expect((await api.get('/v1/ledger/templates/move?version=1')).body).toMatchObject({ definition: definition() })
    expect((await api.get('/v1/ledger/templates/move')).body).toMatchObject({ version: 2 })
    const old = await run('move', { amount: '1.00', from: from() }, { version: 1 })
    expect(old).toMatchObject({ status: 409, body: { code: 'template_version_replaced' } })
    const [names] = [(await api.get('/v1/ledger/templates?limit=100')).body.items]
    expect(names).toMatchObject([
      { name: 'channel-collection' },
      { name: 'dated' },
      { name: 'dollar-cost' },
      { name: 'move' },
      { name: 'revenue-share' },
    ])
  })

  it('refuses what cannot be right, and says where', async () => {
    const [debit, credit] = definition().lines
    const value = (is: unknown) => ({ values: { v: is } })
    const lineWith = (change: object) => ({ lines: [{ ...debit, ...change }, credit] })
    const cases: readonly (readonly [object, string, string])[] = [
      [{ loops: [] }, 'loops', 'not_allowed'],
      [{ effectiveOn: 'amount' }, 'effectiveOn', 'date_parameter'],
      [{ effectiveOn: '2026-11-22' }, 'effectiveOn', 'date_parameter'],
      [{ code: 'magic' }, 'code', 'known_code'],
      [{ parameters: { Amount: { type: 'amount' } } }, 'parameters.Amount', 'name'],
      [{ parameters: { amount: { type: 'money' } } }, 'parameters.amount.type', 'known_type'],
      [{ parameters: { amount: { type: 'amount', currency: 'XXQ' } } }, 'parameters.amount.currency', 'known_name'],
      [{ parameters: { r: { type: 'rate', default: '-1' } } }, 'parameters.r.default', 'not_a_rate'],
      [{ parameters: { r: { type: 'rate', currency: 'CNY' } } }, 'parameters.r.currency', 'not_allowed'],
      [{ values: { amount: 'amount' } }, 'values.amount', 'once'],
      [value('nothing'), 'values.v', 'known_name'],
      [value({ sum: [] }), 'values.v.sum', 'expressions'],
      [value({ difference: ['amount'] }), 'values.v.difference', 'two'],
      [value({ percent: '1', of: 'amount' }), 'values.v.rounding', 'known_rounding'],
      [value({ percent: '1', of: 'amount', rounding: 'up', extra: '' }), 'values.v.extra', 'not_allowed'],
      [value({ literal: '1.001', currency: 'CNY' }), 'values.v.literal', 'too_many_decimals'],
      [value({ sum: ['amount', { literal: '1.00', currency: 'USD' }] }), 'values.v', 'same_currency'],
      [{ values: { v: 'w', w: { sum: ['v', 'amount'] } } }, 'values.v', 'no_circle'],
      [{ allocations: { a: { of: 'amount', parts: [{ name: 'one', weight: '1' }] } } }, 'allocations.a.parts', 'parts'],
      [lineWith({ side: 'left' }), 'lines[0].side', 'side'],
      [lineWith({ account: { ownAccount: '0001' } }), 'lines[0].account.ownAccount', 'known_subject'],
      [lineWith({ account: { owner: 'a b', subject: '2001' } }), 'lines[0].account.owner', 'reference'],
      [lineWith({ account: { parameter: 'amount' } }), 'lines[0].account.parameter', 'known_name'],
      [lineWith({ currency: 'USD' }), 'lines[0].currency', 'same_currency'],
      [{ lines: [debit] }, 'lines', 'lines'],
      [
        {
          lines: [
            { ...debit, amount: 'remainder' },
            { ...credit, amount: 'remainder' },
          ],
        },
        'lines[1].amount',
        'once',
      ],
      [{ lines: [debit, credit, { ...credit, amount: { literal: '1.00', currency: 'CNY' } }] }, 'lines', 'balance'],
    ]
    for (const [change, field, rule] of cases) {
      const answer = await put('wrong', { definition: definition(change) })
      expect(answer, field).toMatchObject({ status: 400, body: { errors: [{ field: `definition.${field}`, rule }] } })
    }
    expect((await put('Wrong_Name', { definition: definition() })).status).toBe(400)
    expect((await put('wrong', { definition: 5 })).status).toBe(400)
    expect((await api.get('/v1/ledger/templates/wrong')).status).toBe(404)
  })

  it('proves the balance where algebra can, and says where it cannot', async () => {
    const [debit, credit] = definition().lines
    const split = {
      allocations: {
        a: {
          of: 'amount',
          parts: [
            { name: 'x', weight: '1' },
            { name: 'y', weight: '2.5' },
          ],
        },
      },
      lines: [debit, { ...credit, amount: 'a.x' }, { ...credit, amount: 'a.y' }],
    }
    expect((await put('split', { definition: definition(split) })).body.balance).toBe('proved')
    const two = { values: { fee: { percent: '1', of: 'amount', rounding: 'up' } } }
    const lines = [debit, { ...credit, amount: 'fee' }, { ...credit, amount: { difference: ['amount', 'fee'] } }]
    expect((await put('fee', { definition: definition({ ...two, lines }) })).body.balance).toBe('proved')
    const open = { parameters: { ...definition().parameters, other: { type: 'amount', currency: 'CNY' } } }
    const checked = await put('open', {
      definition: definition({ ...open, lines: [debit, { ...credit, amount: 'other' }] }),
    })
    expect(checked.body.balance).toBe('checked_at_posting')
    const refused = await run('open', { amount: '2.00', other: '1.00', from: from() })
    expect(refused).toMatchObject({ status: 422, body: { code: 'entry_not_balanced' } })
  })

  it('does not take long for values that double again and again', async () => {
    const values = Object.fromEntries(
      Array.from({ length: 90 }, (_, index) => [
        `v${index}`,
        { sum: index === 0 ? ['amount'] : [`v${index - 1}`, `v${index - 1}`] },
      ]),
    )
    expect((await put('doubling', { definition: definition({ values }) })).status).toBe(200)
    const lines = definition().lines.map((line) => ({ ...line, amount: 'v89' }))
    await put('doubling', { definition: definition({ values, lines }) })
    const answer = await trial('doubling', { amount: '1.00', from: from() })
    expect(answer.body).toMatchObject({ would: 'refuse', refusal: { code: 'amount_too_large' } })
  })
})

describe('posting', () => {
  it('is refused for the first reason of the list, and a trial says the same and changes nothing', async () => {
    const wallet = await api.openWallet()
    const good = { amount: '1.00', from: from() }
    await put('to-owner', {
      definition: definition({
        lines: [
          definition().lines[0],
          { side: 'credit', account: { owner: 'customer:9', subject: '2001' }, currency: 'CNY', amount: 'amount' },
        ],
      }),
    })
    const to = {
      ...definition(),
      parameters: { amount: { type: 'amount', currency: 'CNY' }, from: { type: 'account' } },
    }
    await put('any', { definition: to })
    const cases: readonly (readonly [string, object, number, string, string | undefined])[] = [
      ['nothing', good, 404, 'template_unknown', undefined],
      ['any', { ...good, more: 'x' }, 422, 'template_argument_wrong', 'arguments.more'],
      ['any', { amount: '1.00' }, 422, 'template_argument_wrong', 'arguments.from'],
      ['any', { ...good, amount: '1.001' }, 422, 'template_argument_wrong', 'arguments.amount'],
      ['any', { ...good, amount: '-1.00' }, 422, 'template_argument_wrong', 'arguments.amount'],
      ['any', { ...good, from: 'acct_1' }, 422, 'template_argument_wrong', 'arguments.from'],
      ['move', { ...good, from: wallet }, 422, 'template_argument_wrong', 'arguments.from'],
      ['to-owner', good, 422, 'subject_account_missing', undefined],
      ['any', { ...good, from: wallet }, 422, 'account_needs_approval', undefined],
      ['any', { ...good, amount: '0.00' }, 422, 'template_moves_nothing', undefined],
      ['any', { ...good, from: publicId('acct', 99_999 * 1024) }, 422, 'debit_account_unknown', undefined],
    ]
    const before = await api.transfers()
    for (const [name, args, status, code, field] of cases) {
      const answer = await run(name, args)
      expect(answer, code).toMatchObject({ status, body: { code } })
      if (field !== undefined) expect(answer.body.errors).toMatchObject([{ field }])
      expect((await trial(name, args)).body, code).toMatchObject({ would: 'refuse', refusal: { code } })
    }
    expect((await trial('any', good)).body).toMatchObject({ would: 'post', transfers: [{ amount: '1.00' }] })
    expect(await api.transfers()).toBe(before)
    const { sql } = await api.world.institution.dedicated({})
    const [row] = await sql<
      { count: bigint }[]
    >`select count(*) from committer_outcomes where kind = 'ledger.try-template'`
    expect(row?.count).toBe(0n)
  })

  it('finds the account of an owner, and a trial between two postings tells of the balance between them', async () => {
    const [transit = '', income = ''] = [from(), [...subjectOf].find(([, subject]) => subject === '5001')?.[0]]
    const before = (await api.get(`/v1/ledger/accounts/${income}`)).body.balance
    const args = { amount: '1.00', from: transit }
    // Given to the committer in this order, and decided in it.
    const input = { name: 'any', version: null, arguments: args, reference: null, raw: true }
    const { committer, commands } = api.world
    const post = () => committer.submit({ kind: commands.postTemplate, input })
    const [, between] = await Promise.all([post(), committer.submit({ kind: commands.tryTemplate, input }), post()])
    const after = (Number(before) + 2).toFixed(2)
    const answer = between.status === 'done' && between.answer.would === 'post' ? between.answer : undefined
    expect(formatAmount(answer?.transfers[0]?.creditBalanceMinor ?? 0n, CNY)).toBe(after)
    expect((await api.get(`/v1/ledger/accounts/${income}`)).body.balance).toBe(after)
  })

  it('has its templates held against the journal', async () => {
    const { sql: owner } = await api.world.institution.dedicated({})
    await owner`update ledger_templates set definition = replace(definition, '5001', '6001') where name = 'move' and version = 2`
    const report = await verifyLedger(api.world.institution.db)
    expect(report.findings).toMatchObject([{ code: 'template_differs', what: 'move 2' }])
    await owner`update ledger_templates set definition = replace(definition, '6001', '5001') where name = 'move' and version = 2`
    expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
  })
})
