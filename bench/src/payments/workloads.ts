import { sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { expectStatus, fieldsIn, idIn } from './answer-fields.ts'
import { drain, type Job } from './drain.ts'
import type { Answer, HttpConnection } from './http-connection.ts'
import type { RequestMaker } from './http-request.ts'
import type { BenchCustomer, BenchMerchant, People } from './people.ts'

/** One row of the benchmark: jobs are made before the time is taken, and each job is so many requests. */
export interface Workload {
  readonly name: string
  readonly baseline: string
  readonly requestsPerJob: number
  prepare(count: number): Promise<readonly Job[]>
}

interface Parts {
  readonly connections: readonly HttpConnection[]
  readonly make: RequestMaker
  readonly people: People
  readonly operatorToken: string
}

const AMOUNT = { currency: 'CNY', value: '1.00' }
const AMOUNT_MINOR = 100n
const signAside = promisify(sign)

export function createWorkloads({ connections, make, people, operatorToken }: Parts): readonly Workload[] {
  const { customers, signedIn, merchants, applicationKey, platformKey } = people
  let lastOrder = 0

  function order(): { readonly number: string; readonly customer: BenchCustomer; readonly merchant: BenchMerchant } {
    lastOrder += 1
    return {
      number: `BENCH_${lastOrder}`,
      customer: nth(customers, lastOrder),
      // Another step than the customers', so that each meets every merchant.
      merchant: nth(merchants, Math.floor(lastOrder / 7)),
    }
  }

  /** Codes live for a minute, so they are issued for each round anew; what is done with one follows from `use`. */
  async function withCodes(
    count: number,
    use: (code: string, taken: ReturnType<typeof order>) => Promise<Job>,
  ): Promise<readonly Job[]> {
    const coded: { code: string; taken: ReturnType<typeof order> }[] = []
    const issue = Array.from({ length: count }, (): Job => {
      const taken = order()
      return async (send) => {
        const answer = await send(make.post(`/v1/customers/${taken.customer.id}/payment-codes`, operatorToken))
        expectStatus(answer, 201)
        coded.push({ code: String(fieldsIn(answer.body).code), taken })
      }
    })
    await drain(connections, issue)
    return await Promise.all(coded.map(({ code, taken }) => use(code, taken)))
  }

  const native = (merchantOf: (drawn: BenchMerchant) => BenchMerchant) => (count: number) =>
    withCodes(count, async (paymentCode, { number, customer, merchant }) => {
      const body = { orderNumber: number, amount: AMOUNT, subject: 'Longjing tea', paymentCode }
      const request = make.post('/v1/payments', merchantOf(merchant).apiKey, body)
      return async (send) => {
        expectStatus(await send(request), 201)
        customer.paidMinor += AMOUNT_MINOR
      }
    })

  const gateway = (count: number) => {
    let checked = false
    return withCodes(count, async (auth_code, { number, customer, merchant }) => {
      const parameters: Record<string, string> = {
        app_id: merchant.appId,
        biz_content: JSON.stringify({
          ...{
            out_trade_no: number,
            total_amount: AMOUNT.value,
            subject: 'Longjing tea',
            scene: 'bar_code',
            auth_code,
          },
        }),
        ...{ charset: 'utf-8', format: 'JSON', method: 'alipay.trade.pay', sign_type: 'RSA2' },
        ...{ timestamp: '2026-11-25 12:00:00', version: '1.0' },
      }
      // The names stand in the order of the alphabet already, as the text to sign must have them.
      const text = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
      const signature = await signAside('RSA-SHA256', Buffer.from(text.join('&')), applicationKey)
      const { biz_content, ...shared } = parameters
      const query = new URLSearchParams({ ...shared, sign: signature.toString('base64') })
      const request = make.form(`/gateway.do?${query}`, `${new URLSearchParams({ biz_content: biz_content ?? '' })}`)
      return async (send) => {
        const answer = await send(request)
        expectStatus(answer, 200)
        if (!answer.body.includes('"code":"10000"')) throw new Error(`not paid: ${answer.body}`)
        customer.paidMinor += AMOUNT_MINOR
        // Every answer is signed; one a round is checked, for the client's time is the server's here.
        if (checked) return
        checked = true
        checkSignature(answer)
      }
    })
  }

  function checkSignature({ body }: Answer): void {
    const cut = /^\{"alipay_trade_pay_response":(\{.*\}),"sign":"([^"]+)"\}$/.exec(body)
    const [, node = '', signature = ''] = cut ?? []
    if (verify('RSA-SHA256', Buffer.from(node), platformKey, Buffer.from(signature, 'base64'))) return
    throw new Error(`not signed by the platform: ${body}`)
  }

  const escrow = async (count: number) =>
    Array.from({ length: count }, (): Job => {
      const { number, merchant } = order()
      const customer = nth(signedIn, lastOrder)
      const body = { orderNumber: number, amount: AMOUNT, subject: 'Longjing tea', customer: customer.id }
      const opening = make.post('/v1/escrow-trades', merchant.apiKey, body)
      return async (send) => {
        const opened = await send(opening)
        expectStatus(opened, 201)
        const trade = `/v1/escrow-trades/${idIn(opened)}`
        expectStatus(await send(make.post(`${trade}/pay`, customer.session)), 200)
        customer.paidMinor += AMOUNT_MINOR
        const parcel = { carrier: '顺丰速运', trackingNumber: number }
        expectStatus(await send(make.post(`${trade}/shipments`, merchant.apiKey, parcel)), 201)
        const confirmed = await send(make.post(`${trade}/confirm`, customer.session))
        expectStatus(confirmed, 200)
        if (!confirmed.body.includes('"state":"completed"')) throw new Error(`not completed: ${confirmed.body}`)
      }
    })

  const reading = async (count: number) =>
    Array.from({ length: count }, (_, index): Job => {
      const request = make.get('/v1/me', nth(signedIn, index).session)
      return async (send) => expectStatus(await send(request), 200)
    })

  const hot = nth(merchants, 0)
  return [
    { name: 'http-get', baseline: 'bare-commit', requestsPerJob: 1, prepare: reading },
    { name: 'native', baseline: 'http-get', requestsPerJob: 1, prepare: native((drawn) => drawn) },
    { name: 'hot-merchant', baseline: 'native', requestsPerJob: 1, prepare: native(() => hot) },
    { name: 'gateway-do', baseline: 'native', requestsPerJob: 1, prepare: gateway },
    { name: 'escrow-mix', baseline: 'native', requestsPerJob: 4, prepare: escrow },
  ]
}

function nth<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('an empty list')
  return found
}
