import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoBanks, LANSHAN, startDemoBanks, TAIHU } from './demo-banks.ts'

/** Cards, top-ups and withdrawals between a wallet platform and two banks, over their clearing house, all over HTTP. */

let world: DemoBanks
let token: string
let customer: bigint

beforeAll(async () => {
  world = await startDemoBanks()
  customer = await world.customerId(world.person.name)
  token = await world.session(customer)
}, 120_000)

afterAll(async () => {
  await world.verified()
  await world.stop()
}, 60_000)

const me = (method: 'GET' | 'POST', path: string, body?: object, key?: string) =>
  world.ask('yunhe_pay', method, `me/${path}`, {
    ...{ token, ...(body === undefined ? {} : { body }) },
    ...(key === undefined ? {} : { key }),
  })

async function claim(bank: string, schema: string, change: object = {}) {
  const { name: holder, documentNumber, phone } = world.person
  return { bank, number: (await world.accountAt(schema)).number, holder, documentNumber, phone, ...change }
}

async function bound(bank: string, schema: string): Promise<string> {
  const asked = await me('POST', 'cards', await claim(bank, schema))
  expect(asked).toMatchObject({ status: 200, body: { bank, state: 'code_sent' } })
  const id = String(asked.body.id)
  const code = (await world.codes(schema)).at(-1)
  // Mistyped, and sent again as the app does it: under the same key.
  const wrong = { code: code === '000000' ? '000001' : '000000' }
  const key = `code of ${id} ${code}`
  const mistyped = await me('POST', `cards/${id}/confirmation`, wrong, key)
  expect([mistyped.status, mistyped.body.code]).toEqual([422, 'code_wrong'])
  const confirmed = await me('POST', `cards/${id}/confirmation`, { code }, key)
  expect(confirmed).toMatchObject({ status: 200, body: { id, state: 'active', busy: false } })
  return id
}

const amount = (value: string) => ({ currency: 'CNY', value })

async function wallet(): Promise<string> {
  const id = (await world.ask('yunhe_pay', 'GET', 'customers?limit=50')).body.items?.find(
    ({ displayName }) => displayName === world.person.name,
  )?.id
  return String((await world.ask('yunhe_pay', 'GET', `wallets/${String(id)}`)).body.available)
}

async function ended(id: unknown): Promise<Readonly<Record<string, unknown>>> {
  await expect
    .poll(async () => (await me('GET', `bank-orders/${String(id)}`)).body.endedAt, { timeout: 30_000, interval: 50 })
    .not.toBeNull()
  return (await me('GET', `bank-orders/${String(id)}`)).body
}

describe('a customer of the wallet', () => {
  it('binds cards of both banks with a code, tops up from one and withdraws to the other', async () => {
    const limits = { state: 'open', singleMax: '5000.00', dayMax: '20000.00' }
    expect((await me('GET', 'card-banks')).body.items).toEqual([
      ...[{ member: TAIHU, name: 'Taihu Bank', ...limits }],
      ...[{ member: LANSHAN, name: 'Lanshan Bank', ...limits }],
    ])
    const taihu = await bound(TAIHU, 'taihu_bank')
    const lanshan = await bound(LANSHAN, 'lanshan_bank')
    expect((await me('GET', 'cards')).body.items).toMatchObject([
      ...[{ id: taihu, state: 'active' }],
      ...[{ id: lanshan, state: 'active' }],
    ])
    expect(await wallet()).toBe('5000.00')

    const toppedUp = await me('POST', 'top-ups', { card: taihu, amount: amount('300.00') }, 'up')
    expect(toppedUp).toMatchObject({ status: 201, body: { kind: 'top_up', card: taihu, amount: '300.00' } })
    expect(await ended(toppedUp.body.id)).toMatchObject({ state: 'settled', reason: null })
    await expect
      .poll(async () => [await wallet(), await world.atBank('taihu_bank')], { timeout: 20_000 })
      .toEqual(['5300.00', '19700.00'])
    // The same request again is the same order.
    expect((await me('POST', 'top-ups', { card: taihu, amount: amount('300.00') }, 'up')).body.id).toBe(
      toppedUp.body.id,
    )

    const withdrawn = await me('POST', 'withdrawals', { card: lanshan, amount: amount('120.50') })
    expect(withdrawn).toMatchObject({ status: 201, body: { kind: 'withdrawal', amount: '120.50' } })
    expect(await ended(withdrawn.body.id)).toMatchObject({ state: 'settled' })
    await expect
      .poll(async () => [await wallet(), await world.atBank('lanshan_bank')], { timeout: 20_000 })
      .toEqual(['5179.50', '20120.50'])
    await world.verified()
  })

  it('pays a shop from a card, and gets what is refunded back on the account', async () => {
    const [card] = (await me('GET', 'cards')).body.items ?? []
    const before = [await wallet(), await world.atBank('taihu_bank')]
    const order = {
      orderNumber: 'card-1',
      subject: '龙井茶',
      amount: amount('88.00'),
      customer: await world.publicCustomer(),
    }
    const made = await world.ask('yunhe_pay', 'POST', 'payments', { body: order, token: await world.shopKey() })
    expect([made.status, made.body.state]).toEqual([201, 'awaiting_payment'])
    const payment = String(made.body.id)
    const asked = await me('POST', 'card-payments', { card: card?.id, payment })
    expect(asked).toMatchObject({ status: 201, body: { kind: 'payment', amount: '88.00', payment } })
    expect(await ended(asked.body.id)).toMatchObject({ state: 'settled', unspent: null })
    const paid = (await world.ask('yunhe_pay', 'GET', `payments/${payment}`, { token })).body
    expect(paid).toMatchObject({
      state: 'paid',
      paid: '88.00',
      tenders: [{ tender: 'card', funder: 'bank', cardOrder: asked.body.id }],
    })
    await expect
      .poll(async () => [await wallet(), await world.atBank('taihu_bank')], { timeout: 20_000 })
      .toEqual([before[0], '19612.00'])
    expect((await me('POST', 'card-payments', { card: card?.id, payment })).body.code).toBe('payment_not_waiting')
    const back = { refundNumber: 'card-1-r', amount: amount('8.00') }
    const refunded = await world.ask('yunhe_pay', 'POST', `payments/${payment}/refunds`, {
      body: back,
      token: await world.shopKey(),
    })
    expect(refunded.status).toBe(201)
    await expect.poll(() => world.atBank('taihu_bank'), { timeout: 20_000 }).toBe('19620.00')
    expect(await wallet()).toBe(before[0])
    await world.verified()
  })

  it('is helped by staff, who see how orders stand and stop a bank that is in trouble', async () => {
    const [, up] = JSON.parse(await world.cli('channels', 'orders', '--json')).filter(
      ({ kind }: { kind: string }) => kind !== 'payment',
    )
    expect(up).toMatchObject({ kind: 'top_up', bank: TAIHU, amount: '300.00', state: 'settled' })
    expect(await world.cli('channels', 'orders', '--kind', 'withdrawal', '--state', 'settled')).toContain('120.50')
    expect(JSON.parse(await world.cli('channels', 'order', up.id, '--json'))).toMatchObject({ id: up.id, askings: 0 })
    expect(await world.cli('channels', 'banks')).toContain('Lanshan Bank')
    const terms = ['--name', 'Taihu Bank', '--single-max', '5000.00', '--day-max', '20000.00']
    expect(await world.cli('channels', 'set-bank', TAIHU, ...terms, '--state', 'paused')).toBe(`${TAIHU}: paused.\n`)
    expect(await world.cli('channels', 'health')).toContain('Taihu Bank')
    const options = async (value: string) =>
      (await me('GET', `card-options?amount=${value}`)).body.items?.map(({ usable, why }) => [usable, why])
    expect(await options('1.00')).toEqual([
      [true, null],
      [false, 'bank_paused'],
    ])
    const [card] = (await me('GET', 'cards')).body.items ?? []
    const stopped = await me('POST', 'top-ups', { card: card?.id, amount: amount('1.00') })
    expect([stopped.status, stopped.body.code]).toEqual([409, 'bank_paused'])
    const routed = [...terms, '--capacity', '300', '--cost-millionths', '500']
    expect(await world.cli('channels', 'set-bank', TAIHU, ...routed)).toContain('open')
    const [known] = JSON.parse(await world.cli('channels', 'banks', '--json'))
    expect(known).toMatchObject({ member: TAIHU, capacity: 300, costMillionths: 500 })
    expect(await options('5000.01')).toEqual([
      [false, 'above_single'],
      [false, 'above_single'],
    ])
    expect(await options('1.00')).toEqual([
      [true, null],
      [true, null],
    ])
    for (const value of ['', 'x', '-1.00']) expect((await me('GET', `card-options?amount=${value}`)).status).toBe(400)
    expect(await world.cli('channels', 'set-bank', TAIHU, ...terms)).toBe(`${TAIHU}: open.\n`)
    const { id } = await world.accountAt('taihu_bank')
    expect(await world.cli('bank', 'agreements', id, '--institution', 'taihu_bank')).toContain('990700000071')
  })

  it('binds no card of somebody else, nor one that the bank does not know', async () => {
    const body = await claim(TAIHU, 'taihu_bank')
    const refusals: [object, number, string][] = [
      [{ documentNumber: '990000199001010025' }, 422, 'card_of_somebody_else'],
      [{ documentNumber: '990000199001010018' }, 400, 'invalid_request'],
      [{ phone: 'none' }, 400, 'invalid_request'],
      [{ number: '12' }, 400, 'invalid_request'],
      [{ bank: '990300000035' }, 404, 'bank_not_found'],
      [{ number: '6217000000000000000' }, 422, 'factors_do_not_match'],
    ]
    for (const [change, status, code] of refusals) {
      const answer = await me('POST', 'cards', { ...body, ...change })
      expect([change, answer.status, answer.body.code]).toEqual([change, status, code])
    }
    expect((await me('GET', 'cards')).body.items).toHaveLength(2)
  })

  it('is not served by stolen ids, and asks for amounts that are some', async () => {
    const [card] = (await me('GET', 'cards')).body.items ?? []
    const other = await world.session(await world.customerId('陈思远'))
    const stolen = { token: other, body: { card: card?.id, amount: amount('1.00') } }
    for (const path of ['me/top-ups', 'me/withdrawals']) {
      expect((await world.ask('yunhe_pay', 'POST', path, stolen)).status).toBe(404)
    }
    expect((await world.ask('yunhe_pay', 'POST', `me/cards/${String(card?.id)}/end`, { token: other })).status).toBe(
      404,
    )
    const [order] = (await me('GET', 'bank-orders?limit=1')).body.items ?? []
    expect((await world.ask('yunhe_pay', 'GET', `me/bank-orders/${String(order?.id)}`, { token: other })).status).toBe(
      404,
    )
    for (const value of ['0.00', '-1.00', '1.001', '99999999999999999.00', 'x']) {
      expect((await me('POST', 'withdrawals', { card: card?.id, amount: amount(value) })).status).toBe(400)
    }
    const poor = await me('POST', 'withdrawals', { card: card?.id, amount: amount('49999.00') })
    expect([403, 409]).toContain(poor.status)
    expect((await world.ask('yunhe_pay', 'GET', 'channels/orders', { token })).status).toBe(403)
  })

  it('leaves no card number in the clear, in any table of the platform', async () => {
    const { number } = await world.accountAt('taihu_bank')
    const { db } = world.hosted('yunhe_pay').institution
    const tables = await db.read(
      (tx) => tx.sql<{ name: string }[]>`
        select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    )
    expect(tables.length).toBeGreaterThan(40)
    for (const { name } of tables) {
      const rows = await db.read((tx) =>
        tx.sql.unsafe(`select count(*)::int8 as found from "${name}" t where t::text like '%${number}%'`),
      )
      expect([name, rows[0]?.found]).toEqual([name, 0n])
    }
    expect(await world.logged()).not.toContain(number)
  })
})

describe('when something goes wrong', () => {
  const advance = (seconds: number) => world.ask('yunhe_pay', 'POST', 'demo/clock/advance', { body: { seconds } })
  const fault = (schema: string, kind: string, times = 1) =>
    world.ask(schema, 'POST', 'bank/faults', { body: { kind, times } })
  const topUp = (card: string, value: string) => me('POST', 'top-ups', { card, amount: amount(value) })
  const withdraw = (card: string, value: string) => me('POST', 'withdrawals', { card, amount: amount(value) })
  let taihu: string
  let lanshan: string

  beforeAll(async () => {
    const cards = (await me('GET', 'cards')).body.items ?? []
    const of = (bank: string) => String(cards.find((card) => card.bank === bank)?.id)
    taihu = of(TAIHU)
    lanshan = of(LANSHAN)
  })

  /** What the wallet and the two accounts have, in fen. */
  async function money(): Promise<readonly bigint[]> {
    const texts = [await wallet(), await world.atBank('taihu_bank'), await world.atBank('lanshan_bank')]
    return texts.map((text) => BigInt(text.replace('.', '')))
  }

  async function moved(before: readonly bigint[]): Promise<readonly number[]> {
    return (await money()).map((now, index) => Number(now - (before[index] ?? 0n)))
  }

  /** The bank hears of an end by a message of its own, a moment before or after us. */
  async function settledAtBank(uetr: unknown): Promise<void> {
    const { db } = world.hosted('taihu_bank').institution
    const state = async () =>
      (
        await db.read(
          (tx) => tx.sql<{ state: string }[]>`select state from bank_payments where reference = ${String(uetr)}`,
        )
      )[0]?.state
    await expect.poll(state, { timeout: 20_000 }).toBe('settled')
  }

  /** Lets time pass until the order has an end. */
  async function outlast(id: unknown, step = 22) {
    for (let round = 0; round < 20; round += 1) {
      await advance(step)
      await new Promise((later) => setTimeout(later, 1_100))
      const { body } = await me('GET', `bank-orders/${String(id)}`)
      if (body.endedAt !== null) return body
    }
    throw new Error('the order has no end')
  }

  it.each([
    ['lost on the way to the bank', 'order_lost', 'settled'],
    ['done without a word', 'order_answer_lost', 'settled'],
    ['answered twice', 'duplicate_answer', 'settled'],
  ])('a top-up that is %s settles, once', async (_, kind, end) => {
    const before = await money()
    await fault('taihu_bank', kind)
    const { body } = await topUp(taihu, '10.00')
    if (kind === 'order_lost') {
      // As long as nobody knows, there is no second one that the bank could take as well.
      expect(await topUp(taihu, '10.00')).toMatchObject({ status: 409, body: { code: 'order_open' } })
      expect((await me('POST', `cards/${taihu}/end`)).body.code).toBe('order_open')
      expect(await outlast(body.id)).toMatchObject({ state: end })
    } else expect(await ended(body.id)).toMatchObject({ state: end })
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([1_000, -1_000, 0])
    await fault('taihu_bank', kind, 0)
  })

  it('a top-up whose bank takes no orders for long is rejected in the end, and nobody is charged', async () => {
    const before = await money()
    await fault('taihu_bank', 'order_lost', 4)
    const { body } = await topUp(taihu, '10.00')
    expect(await outlast(body.id, 80)).toMatchObject({ state: 'rejected', reason: 'TM01' })
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([0, 0, 0])
    await fault('taihu_bank', 'order_lost', 0)
  })

  it.each([
    ['down', 'rejected', 'AB06'],
    ['slow', 'rejected', 'AB06'],
    ['duplicate_answer', 'settled', null],
    ['late_reject', 'settled', null],
  ])('a withdrawal to a bank that is %s is %s', async (kind, end, reason) => {
    const before = await money()
    await fault('lanshan_bank', kind)
    const { body } = await withdraw(lanshan, '10.00')
    expect(await outlast(body.id)).toMatchObject({ state: end, reason })
    await expect
      .poll(() => moved(before), { timeout: 20_000 })
      .toEqual(end === 'settled' ? [-1_000, 0, 1_000] : [0, 0, 0])
    await fault('lanshan_bank', kind, 0)
  })

  it('what the bank refuses is rejected with its reason', async () => {
    const before = await money()
    const { body } = await topUp(taihu, '5000.01')
    expect(await ended(body.id)).toMatchObject({ state: 'rejected', reason: 'AM02' })
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([0, 0, 0])
  })

  it('money of a withdrawal that the bank gives back is in the wallet again', async () => {
    const before = await money()
    const { body } = await withdraw(lanshan, '20.00')
    await ended(body.id)
    const order = await world.ask('yunhe_pay', 'GET', `channels/orders/${String(body.id)}`)
    const { bank } = world.hosted('lanshan_bank').institution.own
    if (bank === undefined) throw new Error('a bank')
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([-2_000, 0, 2_000])
    const given = await world.hosted('lanshan_bank').institution.committer.submit({
      kind: bank.giveBack,
      input: { uetr: String(order.body.uetr), kind: 'return', amountMinor: 500n, reason: 'AC06' },
    })
    expect(given).toMatchObject({ status: 'done' })
    await expect
      .poll(async () => (await me('GET', `bank-orders/${String(body.id)}`)).body.returned, { timeout: 20_000 })
      .toBe('5.00')
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([-1_500, 0, 1_500])
  })

  it('a bank that wants the money of a top-up back gets a no', async () => {
    const { body } = await topUp(taihu, '3.00')
    await ended(body.id)
    const { uetr } = (await world.ask('yunhe_pay', 'GET', `channels/orders/${String(body.id)}`)).body
    await settledAtBank(uetr)
    const before = await money()
    const { own, committer, db } = world.hosted('taihu_bank').institution
    if (own.bank === undefined) throw new Error('a bank')
    const asked = await committer.submit({ kind: own.bank.askBack, input: { uetr: String(uetr), reason: 'CUST' } })
    expect(asked.status).toBe('done')
    const cancellation = async () =>
      (
        await db.read(
          (tx) =>
            tx.sql<{ is: string }[]>`select cancellation as is from bank_payments where reference = ${String(uetr)}`,
        )
      )[0]?.is
    await expect.poll(cancellation, { timeout: 20_000 }).toBe('refused')
    const reversed = await committer.submit({
      kind: own.bank.giveBack,
      input: { uetr: String(uetr), kind: 'reversal', amountMinor: 300n, reason: 'MS02' },
    })
    expect(reversed.status).toBe('done')
    const rejected = async () =>
      (
        await db.read(
          (tx) => tx.sql<{ n: bigint }[]>`
            select count(*)::int8 as n from bank_payments where original = ${String(uetr)} and reason = 'AG01'`,
        )
      )[0]?.n
    await expect.poll(rejected, { timeout: 20_000 }).toBe(1n)
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([0, 0, 0])
  })

  it('orders that were on their way when everything stopped end after the next start', async () => {
    const before = await money()
    await fault('taihu_bank', 'order_lost')
    const up = await topUp(taihu, '7.00')
    const down = await withdraw(lanshan, '2.00')
    await world.restart()
    token = await world.session(customer)
    expect(await ended(down.body.id)).toMatchObject({ state: 'settled' })
    expect(await outlast(up.body.id)).toMatchObject({ state: 'settled' })
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([500, -700, 200])
  })

  it('two words that cannot both be move nothing, and are a case for staff on either side', async () => {
    const { body } = await topUp(taihu, '4.00')
    await ended(body.id)
    const { uetr } = (await world.ask('yunhe_pay', 'GET', `channels/orders/${String(body.id)}`)).body
    await settledAtBank(uetr)
    const before = await money()
    const said = { originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: String(uetr) }
    for (const schema of ['yunhe_pay', 'taihu_bank'] as const) {
      const { own, committer } = world.hosted(schema).institution
      const [receive, to] =
        schema === 'yunhe_pay' ? [own.channels?.receive, '990700000071'] : [own.bank?.receive, TAIHU]
      if (receive === undefined) throw new Error(schema)
      const header = { messageId: `late ${schema}`, createdAt: 0, from: '990900000095', to }
      const statuses = [{ ...said, status: 'RJCT', reason: 'AB06' }]
      const message = { kind: 'status_report' as const, value: { ...header, statuses } }
      expect((await committer.submit({ kind: receive, input: { from: '990900000095', message } })).status).toBe('done')
      const cases = async () =>
        (await world.ask(schema, 'GET', 'cases')).body.items?.map(({ kind, summary }) => [kind, summary])
      const wanted =
        schema === 'yunhe_pay'
          ? ['channel_order', 'A top-up or withdrawal: contradicted.']
          : ['bank_payment', 'A payment over the clearing house: contradicted.']
      await expect.poll(cases, { timeout: 20_000 }).toContainEqual(wanted)
    }
    await expect.poll(() => moved(before), { timeout: 20_000 }).toEqual([0, 0, 0])
    expect((await world.ask('yunhe_pay', 'GET', 'channels/orders?attention=true')).body.items).toMatchObject([
      { id: body.id },
    ])
  })

  it('a card that was taken away is good for nothing, here and at its bank', async () => {
    expect((await me('POST', `cards/${lanshan}/end`)).body).toMatchObject({ id: lanshan, state: 'ending' })
    expect((await withdraw(lanshan, '1.00')).body.code).toBe('card_not_active')
    const { id } = await world.accountAt('lanshan_bank')
    const ends = async () =>
      (await world.ask('lanshan_bank', 'GET', `bank/agreements?account=${id}`)).body.items?.map(({ state: is }) => is)
    await expect.poll(ends, { timeout: 20_000 }).toEqual(['ended'])
    const cards = async () => (await me('GET', 'cards')).body.items?.map(({ id: card }) => card)
    await expect.poll(cards, { timeout: 20_000 }).toEqual([taihu])
    // Bound once more it is the same card.
    expect(await bound(LANSHAN, 'lanshan_bank')).toBe(lanshan)
  })

  it('the script of the documentation does all of it', async () => {
    const lines = (await world.example('bank-card.mjs')).trim().split('\n')
    expect(lines.map((line) => line.replace(/\d{4}(?= )/g, 'NNNN').replace(/, .* in/, ', … in'))).toEqual([
      'Cards ending in NNNN and NNNN are active and active.',
      '300.00 from Taihu Bank: settled, … in the wallet',
      '18.80 to 云河书店: settled, … in the wallet',
      '120.50 to Lanshan Bank: settled, … in the wallet',
    ])
  })

  it('the reserve is at every window what the clearing house says', async () => {
    await advance(1_900)
    const atHouse = async () =>
      (await world.ask('central_clearing', 'GET', 'clearing/participants')).body.items?.find(
        ({ member }) => member === '990700000071',
      )?.posted
    const reserve = async () => {
      await world.hosted('yunhe_pay').institution.committer.flush()
      const { body } = await world.ask('yunhe_pay', 'GET', 'ledger/accounts?limit=100')
      return body.items?.find(({ subject }) => subject === '1001')?.balance
    }
    await expect.poll(async () => (await reserve()) === (await atHouse()), { timeout: 30_000 }).toBe(true)
    expect(await reserve()).not.toBe('89181.00')
    const position = JSON.parse(await world.cli('reserve', 'show', '--json'))
    // The fees of what was paid by card are all that is not customers'.
    expect(position).toMatchObject({ reserve: await reserve(), inTransit: '0.00', surplus: '0.59', stopped: false })
    expect(JSON.parse(await world.cli('reserve', 'days', '--json'))[0]).toMatchObject({ surplus: '0.00' })
    expect(await world.cli('reserve', 'contribute', '1.00')).toMatch(/^Proposed: appr_/)
    expect((await me('GET', 'bank-orders/nothing')).status).toBe(404)
  })
})
