import { alipayBusinessRefusal } from '@huitong/formats'
import { err, ok } from '@huitong/kernel'
import { readPaymentCode } from '@huitong/party'
import { amount, ignored, notOffered, oneOf, required, text } from './alipay-field-rules.ts'
import type { AlipayFields } from './alipay-fields.ts'
import { type AlipayMethod, alipayMethod, invalidField } from './alipay-method.ts'
import { ADDRESS, minorOf } from './alipay-order-fields.ts'
import { alipayOutcome, alipayRefusal } from './alipay-outcome.ts'
import type { AlipayPeople } from './alipay-people.ts'
import type { AlipayServices } from './alipay-services.ts'
import {
  AUTHORISATION_CANCEL_CODES,
  AUTHORISATION_QUERY_CODES,
  FREEZE_CODES,
  type SubCodes,
  UNFREEZE_CODES,
} from './alipay-sub-codes.ts'
import { alipayTime } from './alipay-times.ts'
import { type AuthorisationOperation, CANCEL_OPERATION, EXPIRE_OPERATION } from './authorisation.ts'
import { authorisationReference } from './authorisation-queries.ts'
import { type AuthorisationView, authorisationView, type OperationView, operationView } from './authorisation-views.ts'
import { AUTHORISATION_LIFE, PAYMENT_MINOR_MAX } from './limits.ts'
import { assessedCode } from './payer-proof.ts'
import type { TradeDetails } from './trade.ts'

/** Pre-authorisations by bar code. Those by a code that the payer scans, and in the platform's own app, need that app and are not here. */
export function alipayAuthorisationMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [freeze(services), unfreeze(services), detailQuery(services), cancel(services)]
}

const OWN_NUMBER = text({
  max: 64,
  pattern: /^[0-9A-Za-z_-]{1,64}$/,
  form: '1 to 64 letters, digits, hyphens and underscores',
})
const NUMBER = text({ max: 64 })

const FREEZE_FIELDS = {
  auth_code: required(text({ max: 64 })),
  auth_code_type: oneOf(['bar_code', 'security_code']),
  out_order_no: required(OWN_NUMBER),
  out_request_no: required(OWN_NUMBER),
  order_title: required(text({ max: 100 })),
  amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  product_code: oneOf(['PRE_AUTH']),
  payee_user_id: text({ max: 32 }),
  payee_logon_id: notOffered('a payee by logon id'),
  // How long the payer has to confirm; a code that is shown is a confirmation.
  pay_timeout: text({ max: 8 }),
  extra_param: ignored(),
  business_params: ignored(),
  enable_pay_channels: ignored(),
  disable_pay_channels: ignored(),
  terminal_params: ignored(),
  identity_params: ignored(),
  deposit_product_mode: notOffered('another kind of deposit'),
  notify_url: ADDRESS,
} as const

function freeze(services: AlipayServices): AlipayMethod {
  const { committer, payments, people, vault, clock } = services
  return alipayMethod({
    name: 'alipay.fund.auth.order.freeze',
    kind: 'command',
    fields: FREEZE_FIELDS,
    codes: FREEZE_CODES,
    run: async (fields, { application }) => {
      const payee = fields.text('payee_user_id')
      if (payee !== null && (await people.seller(application.merchantId))?.sellerNumber !== payee) {
        return err(alipayBusinessRefusal('PAYEE_NOT_EXIST', 'payee_user_id is not the merchant of this application'))
      }
      const code = readPaymentCode(fields.required('auth_code'), vault)
      const notifyUrl = fields.text('notify_url') ?? application.notifyUrl
      const details: TradeDetails = {
        application: application.appId,
        ...(notifyUrl === null ? {} : { notify_url: notifyUrl }),
      }
      const input = {
        merchant: application.merchantId,
        authorisationNumber: fields.required('out_order_no'),
        requestNumber: fields.required('out_request_no'),
        title: fields.required('order_title'),
        details,
        amountMinor: minorOf(fields.required('amount')),
        codeHash: code.ok ? code.value : vault.index('payment-code', ''),
        expiresAt: clock.now() + AUTHORISATION_LIFE,
        assessment: await assessedCode(payments, 'authorisation', minorOf(fields.required('amount'))),
      }
      const made = alipayOutcome(await committer.submit({ kind: payments.authorise, input }), FREEZE_CODES)
      if (!made.ok) return made
      const { authorisation, operation, changed } = made.value
      // As with an order that is paid already, a repeat is told so; its first answer is found by the query.
      if (!changed) return err(alipayBusinessRefusal('FREEZE_ALREADY_SUCCESS', 'The money is frozen already.'))
      return ok({ ...operationFields(authorisation, operation), ...(await payerFields(people, authorisation)) })
    },
  })
}

const UNFREEZE_FIELDS = {
  auth_no: required(NUMBER),
  out_request_no: required(OWN_NUMBER),
  amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  remark: required(text({ max: 100 })),
  extra_param: ignored(),
  notify_url: ADDRESS,
} as const

function unfreeze(services: AlipayServices): AlipayMethod {
  const { committer, payments } = services
  const { authorisations } = services.queries
  return alipayMethod({
    name: 'alipay.fund.auth.order.unfreeze',
    kind: 'command',
    fields: UNFREEZE_FIELDS,
    codes: UNFREEZE_CODES,
    run: async (fields, { application }) => {
      const number = fields.required('auth_no')
      const numbers = { merchant: application.merchantId, number, authorisationNumber: null }
      const input = {
        ...(await authorisationReference(authorisations, numbers)),
        requestNumber: fields.required('out_request_no'),
        amountMinor: minorOf(fields.required('amount')),
        remark: fields.text('remark'),
      }
      const done = alipayOutcome(await committer.submit({ kind: payments.releaseAuthorisation, input }), UNFREEZE_CODES)
      return done.ok ? ok(operationFields(done.value.authorisation, done.value.operation)) : done
    },
  })
}

const REFERENCE_FIELDS = {
  auth_no: NUMBER,
  out_order_no: NUMBER,
  operation_id: NUMBER,
  out_request_no: NUMBER,
} as const
type ReferenceFields = AlipayFields<keyof typeof REFERENCE_FIELDS>

function numbersIn(fields: ReferenceFields, merchant: number) {
  return { merchant, number: fields.text('auth_no'), authorisationNumber: fields.text('out_order_no') }
}

/** The numbers that a request must have: one of the order and one of the operation. */
function missingNumber(fields: ReferenceFields, codes: SubCodes) {
  if (!fields.has('auth_no') && !fields.has('out_order_no')) {
    return invalidField(codes, 'auth_no', 'or out_order_no is needed')
  }
  if (!fields.has('operation_id') && !fields.has('out_request_no')) {
    return invalidField(codes, 'operation_id', 'or out_request_no is needed')
  }
  return undefined
}

function detailQuery({ queries: { authorisations }, people }: AlipayServices): AlipayMethod {
  const codes = AUTHORISATION_QUERY_CODES
  return alipayMethod({
    name: 'alipay.fund.auth.operation.detail.query',
    kind: 'query',
    fields: { ...REFERENCE_FIELDS, operation_type: oneOf(['FREEZE', 'UNFREEZE', 'PAY']), query_options: ignored() },
    codes,
    run: async (fields, { application }) => {
      const missing = missingNumber(fields, codes)
      if (missing !== undefined) return missing
      const found = await authorisations.find(numbersIn(fields, application.merchantId))
      if (found === undefined) return err(alipayRefusal('authorisation_not_found', codes))
      const type = fields.text('operation_type')
      const operation = (await authorisations.operations(found.id))
        .filter((one) => type === null || OPERATION_TYPES[one.kind] === type)
        .find((one) => isAskedFor(one, fields))
      if (operation === undefined) {
        return err(alipayBusinessRefusal('AUTH_OPERATION_NOT_EXIST', 'There is no such operation.'))
      }
      const view = authorisationView(found)
      return ok({
        ...operationFields(view, operationView(operation)),
        operation_type: OPERATION_TYPES[operation.kind],
        order_title: view.title,
        order_status: orderStatus(view),
        remark: operation.remark ?? undefined,
        gmt_create: alipayTime(operation.createdAt),
        total_freeze_amount: view.amount,
        total_pay_amount: view.captured,
        rest_amount: view.rest,
        ...(await payerFields(people, view)),
      })
    },
  })
}

function cancel(services: AlipayServices): AlipayMethod {
  const { committer, payments } = services
  const { authorisations } = services.queries
  const codes = AUTHORISATION_CANCEL_CODES
  return alipayMethod({
    name: 'alipay.fund.auth.operation.cancel',
    kind: 'command',
    fields: { ...REFERENCE_FIELDS, remark: required(text({ max: 100 })), notify_url: ADDRESS },
    codes,
    run: async (fields, { application }) => {
      const missing = missingNumber(fields, codes)
      if (missing !== undefined) return missing
      const numbers = numbersIn(fields, application.merchantId)
      const found = await authorisations.find(numbers)
      // What is called off is the freezing, so its own numbers must be the ones that are named.
      const first = found === undefined ? undefined : (await authorisations.operations(found.id))[0]
      if (found === undefined || first === undefined || !isAskedFor(first, fields)) {
        return err(alipayRefusal('authorisation_not_found', codes))
      }
      const reference = { merchant: application.merchantId, authorisation: found.id, authorisationNumber: null }
      const input = { ...reference, remark: fields.text('remark') }
      const done = alipayOutcome(await committer.submit({ kind: payments.cancelAuthorisation, input }), codes)
      if (!done.ok) return done
      const { authorisation, operation } = done.value
      return ok({
        auth_no: authorisation.number,
        out_order_no: authorisation.authorisationNumber,
        operation_id: operation.number,
        out_request_no: first.requestNumber,
        action: 'unfreeze',
      })
    },
  })
}

const OPERATION_TYPES = {
  ...{ freeze: 'FREEZE', release: 'UNFREEZE', cancel: 'UNFREEZE', expire: 'UNFREEZE', capture: 'PAY' },
} as const satisfies Readonly<Record<AuthorisationOperation['kind'], string>>

function isAskedFor(operation: AuthorisationOperation, fields: ReferenceFields): boolean {
  const number = fields.text('operation_id')
  if (number !== null) return operationView(operation).number === number
  return operation.requestNumber === fields.text('out_request_no')
}

function orderStatus({ state, endingCause }: AuthorisationView): string {
  if (state === 'authorised') return 'AUTHORIZED'
  return endingCause === 'used' ? 'FINISH' : 'CLOSED'
}

function operationFields(authorisation: AuthorisationView, operation: OperationView) {
  const { requestNumber } = operation
  const own = requestNumber === CANCEL_OPERATION || requestNumber === EXPIRE_OPERATION
  return {
    auth_no: authorisation.number,
    out_order_no: authorisation.authorisationNumber,
    operation_id: operation.number,
    out_request_no: own ? undefined : requestNumber,
    amount: operation.amount,
    status: 'SUCCESS',
    gmt_trans: alipayTime(operation.createdAt),
    credit_amount: '0.00',
    fund_amount: operation.amount,
  }
}

async function payerFields(people: AlipayPeople, { payer }: AuthorisationView) {
  const customer = await people.buyer(payer)
  return { payer_user_id: customer?.userNumber, payer_logon_id: customer?.maskedLogonId }
}
