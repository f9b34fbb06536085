import { type AlipayRefusal, alipayBusinessRefusal } from '@huitong/formats'
import { err, formatAmount, isJsonObject, type JsonValue, ok, type Result } from '@huitong/kernel'
import { amount, ignored, list, notOffered, oneOf, record, required, text } from './alipay-field-rules.ts'
import { type FieldTable, readAlipayFields } from './alipay-fields.ts'
import { type AlipayMethod, alipayMethod, invalidField } from './alipay-method.ts'
import { minorOf } from './alipay-order-fields.ts'
import { alipayOutcome, alipayRefusal } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { BIND_CODES, SETTLE_CODES, SETTLE_QUERY_CODES, type SubCodes } from './alipay-sub-codes.ts'
import { alipayTime } from './alipay-times.ts'
import { findNamedTrade, namedTradeReference } from './alipay-trade-reference.ts'
import { PAYMENT_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import { SHARES_PER_REQUEST } from './share.ts'
import type { ShareWish } from './share-decide.ts'

/** Passing parts of payments on: naming receivers, sharing, and the question what was shared. */
export function alipaySharingMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [bind(services, true), bind(services, false), batchQuery(services), settle(services), settleQuery(services)]
}

const NUMBER = text({ max: 64 })
const REQUEST_NUMBER = text({
  max: 64,
  pattern: /^[0-9A-Za-z_-]{1,64}$/,
  form: '1 to 64 letters, digits, hyphens and underscores',
})

const RECEIVER_FIELDS = {
  type: required(oneOf(['userId', 'loginName'])),
  account: required(text({ max: 100 })),
  name: text({ max: 64 }),
  memo: text({ max: 128 }),
  login_name: text({ max: 100 }),
  bind_login_name: text({ max: 100 }),
  account_open_id: notOffered('a receiver by open_id'),
} as const

function bind({ committer, payments, people }: AlipayServices, bound: boolean): AlipayMethod {
  return alipayMethod({
    name: `alipay.trade.royalty.relation.${bound ? 'bind' : 'unbind'}`,
    kind: 'command',
    fields: { out_request_no: required(REQUEST_NUMBER), receiver_list: required(list()) },
    codes: BIND_CODES,
    run: async (_, { application, content }) => {
      const rows = readList(content.receiver_list, 'receiver_list', RECEIVER_FIELDS, BIND_CODES)
      if (!rows.ok) return rows
      const receivers = []
      for (const row of rows.value) {
        const account = row.required('account')
        const byNumber = row.required('type') === 'userId'
        const found = byNumber ? await people.byUserId(account) : await people.byLogonId(account)
        if (found === undefined) return err(alipayRefusal('payee_not_found', BIND_CODES))
        const name = row.text('name')
        if (name !== null && name !== found.displayName) {
          return err(alipayBusinessRefusal('USERNAME_NOT_MATCH', 'A receiver has another name'))
        }
        receivers.push({ customer: found.id, memo: row.text('memo') })
      }
      const input = { merchant: application.merchantId, receivers, bound }
      const done = alipayOutcome(await committer.submit({ kind: payments.bindReceivers, input }), BIND_CODES)
      return done.ok ? ok({ result_code: 'SUCCESS' }) : done
    },
  })
}

const PAGE_SIZE = 20

function batchQuery({ queries, people }: AlipayServices): AlipayMethod {
  const digits = text({ max: 6, pattern: /^[1-9][0-9]{0,5}$/, form: 'a whole number from 1 on' })
  return alipayMethod({
    name: 'alipay.trade.royalty.relation.batchquery',
    kind: 'query',
    fields: { out_request_no: required(REQUEST_NUMBER), page_num: digits, page_size: digits },
    codes: BIND_CODES,
    run: async (fields, { application }) => {
      const page = Number(fields.text('page_num') ?? '1')
      const size = Math.min(Number(fields.text('page_size') ?? PAGE_SIZE), 100)
      const asked = { offset: (page - 1) * size, limit: size }
      const { receivers, total } = await queries.sharing.receivers(application.merchantId, asked)
      const shown = []
      for (const { customer, memo } of receivers) {
        const found = await people.buyer(customer)
        shown.push({ type: 'userId', account: found?.userNumber, memo: memo ?? undefined })
      }
      return ok({
        result_code: 'SUCCESS',
        receiver_list: shown,
        total_page_num: Math.ceil(total / size),
        total_record_num: total,
        current_page_num: page,
        current_page_size: shown.length,
      })
    },
  })
}

const ROYALTY_FIELDS = {
  royalty_type: oneOf(['transfer']),
  trans_out: NUMBER,
  trans_out_type: oneOf(['userId']),
  trans_in_type: required(oneOf(['userId', 'loginName'])),
  trans_in: required(text({ max: 100 })),
  trans_in_name: text({ max: 64 }),
  amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  amount_percentage: notOffered('a share in percent'),
  desc: text({ max: 128 }),
  royalty_scene: text({ max: 64 }),
} as const

const EXTEND_FIELDS = {
  royalty_finish: oneOf(['true', 'false']),
  royalty_finish_amount: notOffered('the end of a part of the sharing'),
} as const

function settle(services: AlipayServices): AlipayMethod {
  const { committer, payments, people } = services
  return alipayMethod({
    name: 'alipay.trade.order.settle',
    kind: 'command',
    fields: {
      out_request_no: required(REQUEST_NUMBER),
      trade_no: required(NUMBER),
      royalty_parameters: required(list()),
      operator_id: text({ max: 64 }),
      extend_params: record(),
      royalty_mode: oneOf(['sync', 'async']),
      notify_url: ignored(256),
    },
    codes: SETTLE_CODES,
    run: async (fields, { application, content }) => {
      const rows = readList(content.royalty_parameters, 'royalty_parameters', ROYALTY_FIELDS, SETTLE_CODES)
      if (!rows.ok) return rows
      const extend = readAlipayFields(fields.object('extend_params'), EXTEND_FIELDS, 'extend_params.')
      if (!extend.ok) return invalidField(SETTLE_CODES, extend.error.field, extend.error.text)
      const seller = await people.seller(application.merchantId)
      const wishes: ShareWish[] = []
      for (const row of rows.value) {
        const out = row.text('trans_out')
        if (out !== null && out !== seller?.sellerNumber) {
          return err(
            alipayBusinessRefusal('ACQ.MUST_ALLOC_FROM_ROOT_ACCOUNT', 'trans_out is not the payment’s merchant'),
          )
        }
        const account = row.required('trans_in')
        const byNumber = row.required('trans_in_type') === 'userId'
        const found = byNumber ? await people.byUserId(account) : await people.byLogonId(account)
        if (found === undefined) return err(alipayRefusal('payee_not_found', SETTLE_CODES))
        const name = row.text('trans_in_name')
        if (name !== null && name !== found.displayName) {
          return err(alipayBusinessRefusal('ACQ.ROYALTY_ACCOUNT_NAME_NOT_MATCH', 'A receiver has another name'))
        }
        wishes.push({
          ...{ customer: found.id, amountMinor: minorOf(row.required('amount')), description: row.text('desc') },
        })
      }
      const named = readAlipayFields(
        { trade_no: fields.required('trade_no') },
        { trade_no: NUMBER, out_trade_no: NUMBER },
      )
      if (!named.ok) return invalidField(SETTLE_CODES, named.error.field, named.error.text)
      const reference = await namedTradeReference(services, application.merchantId, named.value, SETTLE_CODES)
      if (!reference.ok) return reference
      const requestNumber = fields.required('out_request_no')
      const endsSharing = extend.value.text('royalty_finish') === 'true'
      const input = { ...reference.value, requestNumber, wishes, endsSharing }
      const done = alipayOutcome(await committer.submit({ kind: payments.share, input }), SETTLE_CODES)
      if (!done.ok) return done
      const { tradeNumber } = done.value.trade
      return ok({ trade_no: tradeNumber, settle_no: `${tradeNumber}-${requestNumber}` })
    },
  })
}

function settleQuery(services: AlipayServices): AlipayMethod {
  const { queries, people } = services
  return alipayMethod({
    name: 'alipay.trade.order.settle.query',
    httpMethod: 'GET',
    kind: 'query',
    fields: { settle_no: text({ max: 100 }), out_request_no: REQUEST_NUMBER, trade_no: NUMBER },
    codes: SETTLE_QUERY_CODES,
    run: async (fields, { application }) => {
      const [, settledTrade, settledNumber] = /^(\d{28})-(.+)$/.exec(fields.text('settle_no') ?? '') ?? []
      const tradeNumber = settledTrade ?? fields.text('trade_no')
      const requestNumber = settledNumber ?? fields.text('out_request_no')
      if (tradeNumber === null || requestNumber === null) {
        return invalidField(SETTLE_QUERY_CODES, 'settle_no', 'or out_request_no and trade_no are needed')
      }
      const named = readAlipayFields({ trade_no: tradeNumber }, { trade_no: NUMBER, out_trade_no: NUMBER })
      if (!named.ok) return invalidField(SETTLE_QUERY_CODES, named.error.field, named.error.text)
      const trade = await findNamedTrade(services, application.merchantId, named.value, SETTLE_QUERY_CODES)
      if (!trade.ok) return trade
      const shares = (await queries.sharing.shares(trade.value.id)).filter((one) => one.requestNumber === requestNumber)
      const first = shares[0]
      if (first === undefined) return err(alipayRefusal('trade_not_found', SETTLE_QUERY_CODES))
      const seller = await people.seller(application.merchantId)
      const details = []
      for (const share of shares) {
        details.push({
          operation_type: 'transfer',
          execute_dt: alipayTime(share.createdAt),
          ...{ trans_out: seller?.sellerNumber, trans_out_type: 'userId', trans_in_type: 'userId' },
          trans_in: (await people.buyer(share.customer))?.userNumber,
          amount: formatAmount(share.amountMinor, WALLET_CURRENCY),
          state: 'SUCCESS',
        })
      }
      return ok({
        out_request_no: requestNumber,
        operation_dt: alipayTime(first.createdAt),
        royalty_detail_list: details,
      })
    },
  })
}

/** A list of objects, each judged by the table; faults name the place. */
export function readList<Name extends string>(
  value: JsonValue | undefined,
  at: string,
  table: FieldTable<Name>,
  codes: SubCodes,
): Result<readonly RowFields<Name>[], AlipayRefusal> {
  if (!Array.isArray(value) || value.length === 0 || value.length > SHARES_PER_REQUEST) {
    return invalidField(codes, at, `must be a list of 1 to ${SHARES_PER_REQUEST} objects`)
  }
  const rows: RowFields<Name>[] = []
  for (const [index, item] of value.entries()) {
    if (!isJsonObject(item)) return invalidField(codes, `${at}[${index}]`, 'must be an object')
    const row = readAlipayFields(item, table, `${at}[${index}].`)
    if (!row.ok) return invalidField(codes, row.error.field, row.error.text)
    rows.push(row.value)
  }
  return ok(rows)
}

type RowFields<Name extends string> = Extract<ReturnType<typeof readAlipayFields<Name>>, { readonly ok: true }>['value']
