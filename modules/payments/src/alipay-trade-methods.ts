import { formatAmount, type JsonObject, ok } from '@huitong/kernel'
import { ignored, text } from './alipay-field-rules.ts'
import { type AlipayMethod, alipayMethod } from './alipay-method.ts'
import { alipayOutcome } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { CANCEL_CODES, CLOSE_CODES, QUERY_CODES } from './alipay-sub-codes.ts'
import { buyerFields, fundBills, paidAmounts, TRADE_STATUS, timeField, tradeNumbers } from './alipay-trade-answer.ts'
import { findNamedTrade, namedTradeReference, TRADE_REFERENCE_FIELDS } from './alipay-trade-reference.ts'
import { WALLET_CURRENCY } from './limits.ts'
import type { TradeView } from './views.ts'

/** Methods on a trade as a whole. */
export function alipayTradeMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [query(services), close(services), cancel(services)]
}

function query(services: AlipayServices): AlipayMethod {
  return alipayMethod({
    name: 'alipay.trade.query',
    kind: 'query',
    fields: { ...TRADE_REFERENCE_FIELDS, query_options: ignored(), org_pid: text({ max: 32 }) },
    codes: QUERY_CODES,
    run: async (fields, { application, content }) => {
      const found = await findNamedTrade(services, application.merchantId, fields, QUERY_CODES)
      if (!found.ok) return found
      const trade = found.value
      return ok({
        ...tradeNumbers(trade),
        ...buyerFields(await services.people.buyer(trade.buyer)),
        trade_status: TRADE_STATUS[trade.state],
        total_amount: trade.total,
        ...paidAmounts(trade),
        send_pay_date: timeField(trade.paidAt),
        store_id: trade.details.store,
        terminal_id: trade.details.terminal,
        ...(trade.paidAt === null ? {} : fundBills(trade)),
        ...(asksFor(content, 'trade_settle_info') ? await settleInfo(services, trade) : {}),
      })
    },
  })
}

function asksFor({ query_options: options }: JsonObject, option: string): boolean {
  return Array.isArray(options) && options.includes(option)
}

async function settleInfo({ queries }: AlipayServices, trade: TradeView) {
  const { deferral } = await queries.settlement(trade.id)
  return { trade_settle_info: { trade_unsettled_amount: formatAmount(deferral?.heldMinor ?? 0n, WALLET_CURRENCY) } }
}

function close(services: AlipayServices): AlipayMethod {
  const { committer, payments } = services
  return alipayMethod({
    name: 'alipay.trade.close',
    kind: 'command',
    fields: { ...TRADE_REFERENCE_FIELDS, operator_id: text({ max: 28 }) },
    codes: CLOSE_CODES,
    run: async (fields, { application }) => {
      const input = await namedTradeReference(services, application.merchantId, fields, CLOSE_CODES)
      if (!input.ok) return input
      const closed = alipayOutcome(await committer.submit({ kind: payments.close, input: input.value }), CLOSE_CODES)
      return closed.ok ? ok(tradeNumbers(closed.value.trade)) : closed
    },
  })
}

function cancel(services: AlipayServices): AlipayMethod {
  const { committer, payments } = services
  return alipayMethod({
    name: 'alipay.trade.cancel',
    kind: 'command',
    fields: { ...TRADE_REFERENCE_FIELDS, operator_id: text({ max: 28 }) },
    codes: CANCEL_CODES,
    run: async (fields, { application }) => {
      const input = await namedTradeReference(services, application.merchantId, fields, CANCEL_CODES)
      if (!input.ok) return input
      const done = alipayOutcome(await committer.submit({ kind: payments.cancel, input: input.value }), CANCEL_CODES)
      if (!done.ok) return done
      const { trade, action } = done.value
      if (trade === null) {
        // There is nothing to take back and, from now on, nothing to be paid: which is what the merchant wants to hear.
        const asked = { trade_no: fields.text('trade_no'), out_trade_no: fields.text('out_trade_no') }
        return ok({ ...withoutNulls(asked), retry_flag: 'N' })
      }
      return ok({
        ...tradeNumbers(trade),
        retry_flag: 'N',
        action: action ?? undefined,
        gmt_refund_pay: action === 'refund' ? timeField(trade.endedAt) : undefined,
      })
    },
  })
}

function withoutNulls(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== null) kept[name] = value
  return kept
}
