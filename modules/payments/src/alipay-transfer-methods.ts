import { alipayBusinessRefusal } from '@huitong/formats'
import { err, invariant, ok } from '@huitong/kernel'
import { amount, ignored, notOffered, oneOf, record, required, text } from './alipay-field-rules.ts'
import { readAlipayFields } from './alipay-fields.ts'
import { type AlipayMethod, alipayMethod, invalidField } from './alipay-method.ts'
import { minorOf } from './alipay-order-fields.ts'
import { alipayOutcome, alipayRefusal } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { TRANSFER_CODES, TRANSFER_QUERY_CODES } from './alipay-sub-codes.ts'
import { alipayTime } from './alipay-times.ts'
import { TRANSFER_MINOR_MAX } from './limits.ts'
import { transferView } from './views.ts'
import type { Payer } from './wallet-transfer.ts'

/** Money from the merchant's account to a wallet. */
export function alipayTransferMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [transfer(services), transferQuery(services)]
}

const TRANSFER_NUMBER = text({
  max: 64,
  pattern: /^[0-9A-Za-z_-]{1,64}$/,
  form: '1 to 64 letters, digits, hyphens and underscores',
})

const TRANSFER_FIELDS = {
  out_biz_no: required(TRANSFER_NUMBER),
  trans_amount: required(amount({ maxMinor: TRANSFER_MINOR_MAX })),
  product_code: required(oneOf(['TRANS_ACCOUNT_NO_PWD'])),
  biz_scene: required(oneOf(['DIRECT_TRANSFER'])),
  payee_info: required(record()),
  order_title: text({ max: 128 }),
  remark: text({ max: 200 }),
  business_params: ignored(),
  original_order_id: notOffered('a transfer out of a red packet'),
  payer_info: notOffered("a payer other than the application's merchant"),
  transfer_scene_name: text({ max: 64 }),
  transfer_scene_report_infos: ignored(),
  passback_params: text({ max: 512 }),
  sign_data: ignored(),
} as const

const PAYEE_FIELDS = {
  identity: required(text({ max: 64 })),
  identity_type: required(oneOf(['ALIPAY_USER_ID', 'ALIPAY_LOGON_ID'])),
  name: text({ max: 64 }),
  bankcard_ext_info: notOffered('a transfer to a bank card'),
  cert_no: notOffered("a check of the payee's documents"),
  cert_type: notOffered("a check of the payee's documents"),
} as const

function transfer(services: AlipayServices): AlipayMethod {
  const { committer, payments, people } = services
  return alipayMethod({
    name: 'alipay.fund.trans.uni.transfer',
    kind: 'command',
    fields: TRANSFER_FIELDS,
    codes: TRANSFER_CODES,
    run: async (fields, { application }) => {
      const read = readAlipayFields(fields.object('payee_info'), PAYEE_FIELDS, 'payee_info.')
      if (!read.ok) return invalidField(TRANSFER_CODES, read.error.field, read.error.text)
      const identity = read.value.required('identity')
      const byNumber = read.value.required('identity_type') === 'ALIPAY_USER_ID'
      const name = read.value.text('name')
      if (!byNumber && name === null) return invalidField(TRANSFER_CODES, 'payee_info.name', 'is missing')
      const payee = byNumber ? await people.byUserId(identity) : await people.byLogonId(identity)
      if (payee === undefined) return err(alipayRefusal('payee_not_found', TRANSFER_CODES))
      if (name !== null && name !== payee.displayName) {
        return err(alipayBusinessRefusal('PAYEE_USERINFO_ERROR', 'The payee has another name'))
      }
      const input = {
        payer: merchantPayer(application.merchantId),
        transferNumber: fields.required('out_biz_no'),
        payee: payee.id,
        amountMinor: minorOf(fields.required('trans_amount')),
        title: fields.text('order_title'),
        remark: fields.text('remark'),
      }
      const made = alipayOutcome(await committer.submit({ kind: payments.transfer, input }), TRANSFER_CODES)
      if (!made.ok) return made
      const view = made.value.transfer
      // Only what customers send is looked at.
      invariant(view !== null, "a merchant's transfer is made at once")
      return ok({
        out_biz_no: view.transferNumber,
        order_id: view.number,
        pay_fund_order_id: view.number,
        status: 'SUCCESS',
        trans_date: alipayTime(view.createdAt),
      })
    },
  })
}

const TRANSFER_QUERY_FIELDS = {
  pay_fund_order_id: text({ max: 64 }),
  order_id: text({ max: 64 }),
  out_biz_no: text({ max: 64 }),
  product_code: text({ max: 64 }),
  biz_scene: text({ max: 64 }),
} as const

function transferQuery({ queries }: AlipayServices): AlipayMethod {
  return alipayMethod({
    name: 'alipay.fund.trans.common.query',
    httpMethod: 'GET',
    kind: 'query',
    fields: TRANSFER_QUERY_FIELDS,
    codes: TRANSFER_QUERY_CODES,
    run: async (fields, { application }) => {
      const payer = merchantPayer(application.merchantId)
      const number = fields.text('pay_fund_order_id') ?? fields.text('order_id')
      const own = fields.text('out_biz_no')
      if (number === null && own === null) {
        return invalidField(TRANSFER_QUERY_CODES, 'pay_fund_order_id', 'or order_id or out_biz_no is needed')
      }
      const found =
        number !== null
          ? await queries.transferByLongNumber(payer, number)
          : await queries.transferByNumber(payer, own ?? '')
      if (found === undefined) return err(alipayBusinessRefusal('ORDER_NOT_EXIST', 'There is no such transfer.'))
      const view = transferView(found)
      const paidAt = alipayTime(view.createdAt)
      return ok({
        order_id: view.number,
        pay_fund_order_id: view.number,
        out_biz_no: view.transferNumber,
        trans_amount: view.amount,
        status: 'SUCCESS',
        pay_date: paidAt,
        arrival_time_end: paidAt,
        order_fee: '0.00',
      })
    },
  })
}

function merchantPayer(merchant: number): Payer {
  return { kind: 'merchant', id: merchant }
}
