// A guaranteed trade of the demo world: paid into escrow, shipped in two parts, one confirmed by the buyer and one by silence; and another,
// disputed and judged by two members of staff. With the server running: node docs/examples/escrow.mjs [DATA_FOLDER]
// It moves the demo's clock forward by eleven days.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const data = process.argv[2] ?? '.huitong'
const { baseUrl, customers, merchants } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))
const buyer = customers[3]

const huitong = (...args) => String(execFileSync('npx', ['huitong', ...args, '--data', data])).trim()

async function request(token, method, path, body = {}) {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.code}: ${answer.detail}`)
  return answer
}

async function signIn(url) {
  const { sessionToken } = await request(undefined, 'POST', '/v1/sessions', { token: url.split('/').at(-1) })
  return sessionToken
}

// Each side acts with its own sign-in; the links stand for what comes to a phone.
const shop = readFileSync(merchants[0].apiKeyFile, 'utf8').trim()
const customer = await signIn(huitong('demo', 'sign-in', '--customer', buyer.id))
const judges = [await signIn(huitong('demo', 'staff', '叶青')), await signIn(huitong('demo', 'staff', '方远'))]

const cny = (value) => ({ currency: 'CNY', value })
const tell = (what, trade) =>
  console.log(
    what.padEnd(34),
    trade.state.padEnd(22),
    `held ${trade.held}, released ${trade.released}, returned ${trade.returned}`,
  )

async function paidTrade(orderNumber, value) {
  const order = { orderNumber, amount: cny(value), subject: 'Longjing tea', customer: buyer.id }
  const trade = await request(shop, 'POST', '/v1/escrow-trades', order)
  const path = `/v1/escrow-trades/${trade.id}`
  tell('the buyer has paid', await request(customer, 'POST', `${path}/pay`))
  return path
}

const run = Date.now()
const sale = await paidTrade(`ESCROW_${run}_1`, '88.88')
const parcel = { carrier: '顺丰速运', trackingNumber: 'SF1020304050' }
tell('a part is shipped', await request(shop, 'POST', `${sale}/shipments`, { ...parcel, amount: cny('40.00') }))
tell('and the buyer confirms it', await request(customer, 'POST', `${sale}/shipments/1/confirm`))
tell('the rest is shipped', await request(shop, 'POST', `${sale}/shipments`, parcel))

const quarrel = await paidTrade(`ESCROW_${run}_2`, '100.00')
await request(shop, 'POST', `${quarrel}/shipments`, parcel)
const claim = { shipment: 1, amount: cny('60.00'), reason: 'More than half of the tea is stale' }
tell('the buyer disputes a part', await request(customer, 'POST', `${quarrel}/disputes`, claim))
const dispute = `${quarrel}/disputes/1`
await request(shop, 'POST', `${dispute}/evidence`, { statement: 'It was packed last week', documents: ['sha256:00ff'] })
await request(shop, 'POST', `${dispute}/offers`, { refund: cny('10.00') })
await request(customer, 'POST', `${dispute}/escalate`)
const judgement = { refund: cny('30.00'), reason: 'Half of what was claimed is shown' }
await request(judges[0], 'POST', `${dispute}/judgement`, judgement)
const alone = await request(judges[0], 'POST', `${dispute}/judgement/approve`, { refund: cny('30.00') }).catch(String)
console.log(`one judge alone: ${alone}`)
tell(
  'two members of staff judge',
  await request(judges[1], 'POST', `${dispute}/judgement/approve`, { refund: cny('30.00') }),
)

console.log(huitong('demo', 'advance', '11d'))
// Sessions of customers last longer than eleven days; the work that time causes is done within a second or two.
for (let attempt = 0; attempt < 30; attempt += 1) {
  await new Promise((resolve) => setTimeout(resolve, 500))
  if ((await request(shop, 'GET', sale)).state === 'completed') break
}
tell('silence has confirmed the rest', await request(shop, 'GET', sale))
tell('and what was not disputed', await request(shop, 'GET', quarrel))
const { items } = await request(shop, 'GET', `${sale}/steps`)
for (const step of items) console.log(`  ${step.number} ${step.kind} by ${step.actor}, released ${step.released}`)
