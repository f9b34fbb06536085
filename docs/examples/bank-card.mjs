// A customer of Yunhe Pay binds a card of each bank, tops up from one, pays a shop from it and withdraws to the other, as an app on a phone would
// do it. With the server running: node docs/examples/bank-card.mjs [DATA_FOLDER]. What the banks send to the phone, and what a shop asks for, is
// asked of the running program here.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const data = process.argv[2] ?? '.huitong'
const read = (name) => JSON.parse(readFileSync(join(data, name), 'utf8'))
const { institutions } = read('server.json')
const { customers, merchants } = read('demo.json')
const at = (schema) => institutions.find((one) => one.schema === schema)
const person = { holder: '林晓雨', documentNumber: '990000199001010017', phone: '+8610000000001' }
const customer = customers.find(({ name }) => name === person.holder)

/** Asks an institution, as its operator or with a key of somebody's. */
async function ask(schema, method, path, body, key = at(schema).token) {
  const answer = await fetch(`${at(schema).url}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  const said = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${said.code} ${said.detail}`)
  return said
}

const link = await ask('yunhe_pay', 'POST', `demo/customers/${customer.id}/sign-in-links`, {})
const { sessionToken } = await ask('yunhe_pay', 'POST', 'sessions', { token: link.token })
const me = (method, path, body) => ask('yunhe_pay', method, path, body, sessionToken)

async function bind(schema, bank) {
  const { items } = await ask(schema, 'GET', 'bank/accounts')
  const card = await me('POST', 'me/cards', { bank, number: items.at(-1).number, ...person })
  if (card.state === 'active') return card
  const { codes } = await ask(schema, 'POST', 'bank/demo-phones/codes', { phone: person.phone })
  return await me('POST', `me/cards/${card.id}/confirmation`, { code: codes.at(-1) })
}

/** Waits for the end of an order; it takes as long as its bank does. */
async function ended(order) {
  for (;;) {
    const now = await me('GET', `me/bank-orders/${order.id}`)
    if (now.endedAt !== null) return now
    await new Promise((later) => setTimeout(later, 50))
  }
}

async function show(what, order) {
  const { state, reason } = await ended(order)
  const { available } = await me('GET', `wallets/${customer.id}`)
  console.log(`${what}: ${state}${reason === null ? '' : ` ${reason}`}, ${available} in the wallet`)
}

const yuan = (value) => ({ currency: 'CNY', value })
const taihu = await bind('taihu_bank', '990100000011')
const lanshan = await bind('lanshan_bank', '990200000028')
console.log(`Cards ending in ${taihu.tail} and ${lanshan.tail} are ${taihu.state} and ${lanshan.state}.`)

await show('300.00 from Taihu Bank', await me('POST', 'me/top-ups', { card: taihu.id, amount: yuan('300.00') }))

const shop = readFileSync(merchants[0].apiKeyFile, 'utf8').trim()
const order = {
  orderNumber: `CARD_${Date.now()}`,
  subject: 'Longjing tea',
  amount: yuan('18.80'),
  customer: customer.id,
}
const payment = await ask('yunhe_pay', 'POST', 'payments', order, shop)
await show(
  `18.80 to ${merchants[0].name}`,
  await me('POST', 'me/card-payments', { card: taihu.id, payment: payment.id }),
)

await show('120.50 to Lanshan Bank', await me('POST', 'me/withdrawals', { card: lanshan.id, amount: yuan('120.50') }))
