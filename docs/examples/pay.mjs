// A merchant takes a bar-code payment from a customer of the demo world, looks at it and gives a part back, with the official
// client from npm, unmodified. With the server running: node docs/examples/pay.mjs [DATA_FOLDER]
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AlipaySdk } from 'alipay-sdk'

const data = process.argv[2] ?? '.huitong'
const { gateway, customers } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))

const sdk = new AlipaySdk({
  appId: gateway.appId,
  privateKey: readFileSync(gateway.appPrivateKeyFile, 'utf8'),
  alipayPublicKey: readFileSync(gateway.platformPublicKeyFile, 'utf8'),
  gateway: gateway.url,
})

// The customer shows a code on the phone; the demo prints one.
const customer = customers[0]
const printed = execFileSync('npx', ['huitong', 'demo', 'payment-code', '--customer', customer.id, '--data', data])
const authCode = /\d{16,24}/.exec(String(printed))[0]
console.log(`${customer.name} shows ${authCode}`)

const outTradeNo = `ORDER_${Date.now()}`
for (const [method, bizContent] of [
  ['alipay.trade.pay', { outTradeNo, totalAmount: '88.88', subject: 'Longjing tea', scene: 'bar_code', authCode }],
  ['alipay.trade.refund', { outTradeNo, refundAmount: '8.88', outRequestNo: 'R1' }],
  ['alipay.trade.query', { outTradeNo }],
]) {
  // validateSign makes the client check our signature over the very bytes of the answer.
  const { code, msg, tradeNo, tradeStatus, totalAmount, refundFee } = await sdk.exec(
    method,
    { bizContent },
    { validateSign: true },
  )
  console.log(method, JSON.stringify({ code, msg, tradeNo, tradeStatus, totalAmount, refundFee }))
}
