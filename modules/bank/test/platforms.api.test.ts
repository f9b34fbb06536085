import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BankWorld, HUB, PLATFORM, startBankWorld, THEM } from './bank-world.ts'

let world: BankWorld
let account: { id: string; number: string; customer: string }
const ZHANG = { legalName: '张伟', documentNumber: '110101199003070011', phone: '13900000001' }
const AS = `peer ${PLATFORM} bank:read bank:write`
let requests = 0

beforeAll(async () => {
  world = await startBankWorld()
  account = await opened(ZHANG)
  await world.post(`bank/accounts/${account.id}/deposits`, { amount: '1000.00' })
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

async function opened(holder: typeof ZHANG) {
  const body = { ...holder, displayName: holder.legalName, singleMax: '500.00', dayMax: '800.00' }
  const answer = await world.post('bank/accounts', body)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return { id: String(answer.body.id), number: String(answer.body.number), customer: String(answer.body.customer) }
}

function bind(change: object = {}, as = AS) {
  requests += 1
  const terms = { platformAccount: '9907000000710001', singleMax: '100.00', dayMax: '150.00' }
  const body = { request: `bind-${requests}`, account: account.number, ...ZHANG, ...terms, ...change }
  return world.post('peer/bank/agreements', body, { as })
}

function confirm(agreement: string, code: string, as = AS) {
  requests += 1
  return world.post(`peer/bank/agreements/${agreement}/confirm`, { request: `confirm-${requests}`, code }, { as })
}

const lastCode = (): string => world.phones.codesOf(`+86${ZHANG.phone}`).at(-1) ?? ''

async function active(change: object = {}): Promise<string> {
  const agreement = String((await bind(change)).body.agreement)
  const answer = await confirm(agreement, lastCode())
  expect(answer.body).toEqual({ agreement, state: 'active', matched: true })
  return agreement
}

/** What the platform was told last: status and reason. */
function lastWord() {
  const last = world.toPlatforms.at(-1)
  if (last?.message.kind !== 'customer_status') throw new Error('no answer')
  const said = last.message.value.orders?.[0]?.statuses?.[0]
  return { to: last.to, uetr: said?.originalUetr, status: said?.status, reason: said?.reason }
}

describe('binding an account', () => {
  it('takes four factors and a code, which comes to the phone that the bank knows', async () => {
    const before = world.phones.codesOf(`+86${ZHANG.phone}`).length
    const bound = await bind({ request: 'bind-a' })
    expect(bound).toMatchObject({ status: 200, body: { state: 'pending', matched: true } })
    const code = lastCode()
    expect(code).toMatch(/^\d{6}$/)
    const seen = await world.post('bank/demo-phones/codes', { phone: '139 0000 0001' })
    expect(seen.body.codes).toEqual(world.phones.codesOf(`+86${ZHANG.phone}`))
    expect((await world.post('bank/demo-phones/codes', { phone: 'nobody' })).body.codes).toEqual([])
    // Asked once more it is the same agreement and the same code.
    expect((await bind({ request: 'bind-a' })).body).toEqual(bound.body)
    expect(world.phones.codesOf(`+86${ZHANG.phone}`).slice(before)).toEqual([code, code])
    const agreement = String(bound.body.agreement)
    const wrong = code === '000000' ? '000001' : '000000'
    expect((await confirm(agreement, wrong)).body).toMatchObject({ state: 'pending', matched: false })
    expect((await confirm(agreement, code)).body).toEqual({ agreement, state: 'active', matched: true })
    expect((await confirm(agreement, code)).body).toMatchObject({ code: 'agreement_not_pending' })
    const enquired = await world.post(`peer/bank/agreements/${agreement}/enquire`, {}, { as: AS })
    expect(enquired.body).toEqual({ agreement, state: 'active', singleMax: '100.00', dayMax: '150.00' })
    expect((await world.post(`peer/bank/agreements/${agreement}/end`, { request: 'end-a' }, { as: AS })).body).toEqual({
      ...{ id: agreement, state: 'ended' },
    })
  })

  it('does not say which factor was wrong, nor whether the account exists', async () => {
    const other = await opened({ legalName: '王芳', documentNumber: '110101199003070028', phone: '13900000002' })
    const nothing = { agreement: null, state: 'none', matched: false }
    for (const change of [{ legalName: '李四' }, { documentNumber: '110101199003070036' }, { phone: '13900000003' }]) {
      expect((await bind({ account: other.number, ...change })).body).toEqual(nothing)
    }
    expect((await bind({ account: '6217000000000000000' })).body).toMatchObject({ code: 'factors_do_not_match' })
  })

  it('ends after five wrong attempts on a day, the right one too', async () => {
    const holder = { legalName: '赵敏', documentNumber: '110101199003070044', phone: '13900000004' }
    const { number } = await opened(holder)
    for (let count = 0; count < 5; count += 1) {
      expect((await bind({ ...holder, account: number, legalName: '某某' })).body).toMatchObject({ matched: false })
    }
    expect(await bind({ ...holder, account: number })).toMatchObject({
      status: 429,
      body: { code: 'too_many_attempts' },
    })
  })

  it('ends after five wrong codes', async () => {
    const agreement = String((await bind()).body.agreement)
    const wrong = lastCode() === '111111' ? '222222' : '111111'
    const states = []
    for (let count = 0; count < 5; count += 1) states.push((await confirm(agreement, wrong)).body.state)
    expect(states).toEqual(['pending', 'pending', 'pending', 'pending', 'ended'])
    expect((await confirm(agreement, lastCode())).body).toMatchObject({ code: 'agreement_not_pending' })
  })

  it('waits five minutes for the code', async () => {
    const agreement = String((await bind()).body.agreement)
    world.clock.advance(301_000_000)
    expect((await confirm(agreement, lastCode())).body).toMatchObject({ code: 'code_expired' })
  })

  it.each([
    [{ account: '12' }, 400],
    [{ request: '' }, 400],
    [{ request: '有空' }, 400],
    [{ singleMax: '0.00' }, 400],
    [{ singleMax: '-1.00' }, 400],
    [{ dayMax: '1.001' }, 400],
    [{ platformAccount: 'x' }, 400],
    [{ phone: '' }, 400],
  ])('is not asked for with %j', async (change, status) => {
    expect((await bind(change)).status).toBe(status)
  })

  it('looks like none to others', async () => {
    const agreement = await active()
    const stranger = `peer ${THEM} bank:read bank:write`
    expect((await confirm(agreement, '123456', stranger)).status).toBe(404)
    for (const step of ['enquire', 'end']) {
      const answer = await world.post(`peer/bank/agreements/${agreement}/${step}`, { request: 'r' }, { as: stranger })
      expect([step, answer.status]).toEqual([step, step === 'enquire' ? 400 : 404])
    }
    expect((await world.post(`peer/bank/agreements/${agreement}/enquire`, {}, { as: stranger })).status).toBe(404)
    for (const as of ['staff bank:read bank:write', `customer ${account.customer} bank:read bank:write`]) {
      expect((await bind({}, as)).status).toBe(403)
    }
    expect((await world.ask('POST', 'peer/bank/agreements', {}, { as: null })).status).toBe(401)
  })

  it('is not possible where the bank has no way to phones', async () => {
    const mute = await startBankWorld({ connected: false })
    const terms = { request: 'a', account: '6217000000000000000', ...ZHANG, platformAccount: '1' }
    const body = { ...terms, singleMax: '1.00', dayMax: '1.00' }
    expect(await mute.post('peer/bank/agreements', body, { as: AS })).toMatchObject({
      ...{ status: 503, body: { code: 'phones_not_connected' } },
    })
    await mute.stop()
  })
})

describe('orders of a platform', () => {
  it('become transfers under its references, and it is told how they end', async () => {
    const agreement = await active()
    const { result, uetr } = await world.order({ agreement, amount: 1_000n })
    expect([result, lastWord()]).toMatchObject(['accepted', { to: PLATFORM, uetr, status: 'ACTC' }])
    const sent = world.told.at(-1)
    expect(sent).toMatchObject({
      kind: 'credit_transfer',
      value: {
        transfers: [{ uetr, endToEndId: `E${uetr.slice(0, 8)}`, amount: { minor: 1_000n }, creditorAgent: PLATFORM }],
      },
    })
    // The same again changes nothing: it is the question how it stands.
    const told = world.told.length
    expect((await world.order({ agreement, amount: 1_000n, uetr, age: 900 })).result).toBe('repeated')
    expect([lastWord().status, world.told.length]).toEqual(['ACTC', told])
    await world.says(uetr, 'ACSC')
    expect(lastWord()).toMatchObject({ uetr, status: 'ACSC' })
    await world.order({ agreement, amount: 1_000n, uetr })
    expect(lastWord()).toMatchObject({ uetr, status: 'ACSC' })
    for (const change of [{ amount: 999n }, { from: THEM }, { agreement: 'dagr_0000zzzzz00r' }]) {
      await world.order({ agreement, amount: 1_000n, uetr, ...change })
      expect(lastWord()).toMatchObject({ uetr, status: 'RJCT', reason: 'AM05' })
    }
  })

  it('that the clearing house rejects do not count against limits, and the platform is told', async () => {
    const agreement = await active({ dayMax: '100.00' })
    for (let count = 0; count < 2; count += 1) {
      const { uetr } = await world.order({ agreement, amount: 10_000n })
      expect(lastWord()).toMatchObject({ uetr, status: 'ACTC' })
      await world.says(uetr, 'RJCT', 'AC06')
      expect(lastWord()).toMatchObject({ uetr, status: 'RJCT', reason: 'AC06' })
    }
  })

  it('are refused with a reason', async () => {
    const agreement = await active()
    const refusals: [object, string][] = [
      [{ agreement: 'dagr_0000zzzzz00r' }, 'MD01'],
      [{ agreement: 'anything' }, 'MD01'],
      [{ from: THEM, creditorAgent: THEM }, 'MD01'],
      [{ amount: 10_001n }, 'AM02'],
      [{ currency: 'USD' }, 'AM03'],
      [{ creditorAgent: THEM }, 'RC04'],
      [{ age: 301 }, 'TM01'],
      [{ twice: true }, 'AM18'],
    ]
    const told = world.told.length
    for (const [change, reason] of refusals) {
      const { result, uetr } = await world.order({ agreement, amount: 1n, ...change })
      expect([change, result, lastWord()]).toMatchObject([change, 'rejected', { uetr, status: 'RJCT', reason }])
    }
    await world.order({ agreement, amount: 10_000n })
    await world.order({ agreement, amount: 5_001n })
    expect(lastWord()).toMatchObject({ status: 'RJCT', reason: 'AM02' })
    await world.post(`peer/bank/agreements/${agreement}/end`, { request: 'end-b' }, { as: AS })
    await world.order({ agreement })
    expect(lastWord()).toMatchObject({ status: 'RJCT', reason: 'MD01' })
    expect(world.told.length).toBe(told + 1)
  })

  it('are refused for want of money, and of a frozen account', async () => {
    const holder = { legalName: '孙立', documentNumber: '110101199003070052', phone: '13900000005' }
    const poor = await opened(holder)
    const bound = await bind({ ...holder, account: poor.number })
    const agreement = String(bound.body.agreement)
    await confirm(agreement, world.phones.codesOf(`+86${holder.phone}`).at(-1) ?? '')
    await world.order({ agreement })
    expect(lastWord()).toMatchObject({ status: 'RJCT', reason: 'AM04' })
    await world.post(`bank/accounts/${poor.id}/deposits`, { amount: '1.00' })
    await world.post(`bank/accounts/${poor.id}/freeze`)
    await world.order({ agreement })
    expect(lastWord()).toMatchObject({ status: 'RJCT', reason: 'AC06' })
  })

  it('can be lost, or done without a word, as a test orders; asked again they are told', async () => {
    const agreement = await active()
    const words = () => world.toPlatforms.length
    await world.post('bank/faults', { kind: 'order_lost', times: 1 })
    const [before, told] = [words(), world.told.length]
    const lost = await world.order({ agreement })
    expect([lost.result, words(), world.told.length]).toEqual(['lost', before, told])
    await world.post('bank/faults', { kind: 'order_answer_lost', times: 1 })
    const silent = await world.order({ agreement, uetr: lost.uetr })
    expect([silent.result, words(), world.told.length]).toEqual(['accepted', before, told + 1])
    await world.order({ agreement, uetr: lost.uetr })
    expect([lastWord(), world.told.length]).toMatchObject([{ uetr: lost.uetr, status: 'ACTC' }, told + 1])
  })

  it('come of platforms only, and nothing else does', async () => {
    const message = world.toPlatforms.at(-1)?.message
    if (message === undefined) throw new Error('nothing was told')
    const outcome = await world.committer.submit({ kind: world.bank.receive, input: { from: PLATFORM, message } })
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code: 'sender_not_clearing_house' } })
    const [words, told] = [world.toPlatforms.length, world.told.length]
    expect((await world.order({ agreement: await active(), from: HUB })).result).toBe('refused')
    expect([world.toPlatforms.length, world.told.length]).toEqual([words, told])
  })
})
