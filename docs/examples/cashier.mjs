// Makes the link that a shop's page sends its buyer to, the cashier page of one order, and shows the page of the code in the shop. With the
// server running: node docs/examples/cashier.mjs [DATA_FOLDER]. Sign in as the customer whose link the server printed, then open them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AlipaySdk } from 'alipay-sdk'

const data = process.argv[2] ?? '.huitong'
const { gateway, merchants } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))

const alipay = new AlipaySdk({
  appId: gateway.appId,
  privateKey: readFileSync(gateway.appPrivateKeyFile, 'utf8'),
  alipayPublicKey: readFileSync(gateway.platformPublicKeyFile, 'utf8'),
  gateway: gateway.url,
  endpoint: gateway.v3Endpoint,
})

const link = alipay.pageExecute('alipay.trade.page.pay', 'GET', {
  returnUrl: 'https://shop.example/thanks',
  bizContent: {
    out_trade_no: `WEB_${Date.now()}`,
    total_amount: '18.80',
    subject: 'Longjing tea',
    product_code: 'FAST_INSTANT_TRADE_PAY',
  },
})

console.log(`The cashier page of an order of 18.80:\n${link}\n`)
console.log(`The page of the code that hangs in the shop of ${merchants[0].name}:\n${merchants[0].staticCode.url}`)
