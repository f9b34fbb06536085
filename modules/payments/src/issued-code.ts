import {
  type EmvAccount,
  type EmvMerchantCode,
  emvFaultText,
  emvTemplate,
  readEmvMerchantCode,
  writeEmvMerchantCode,
} from '@huitong/formats'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import { STATIC_CODE_REFERENCE } from './static-code.ts'

/*
 * Codes of this institution as EMVCo merchant-presented codes. One template says whose they are: `00` the program's name, `01` the
 * institution, and then either `02` the reference of a static code or `03` the token of an order code. Names in a code are for people's
 * eyes only; who is paid is what the institution's own register says about the reference.
 */

/** Under which names an institution's codes go. */
export interface CodeIssuer {
  /** Names the institution among those that pay each other's codes: small letters, digits and hyphens. */
  readonly institution: string
  readonly country: string
  readonly city: string
}

const CODE_SCHEME = 'org.huitong'
const TEMPLATE = '26'

/** What a code of the scheme leads to. */
export type IssuedCode =
  | { readonly kind: 'static'; readonly institution: string; readonly reference: string }
  | { readonly kind: 'order'; readonly institution: string; readonly token: string }

export interface CodePayee {
  readonly name: string
  /** Said in place of a name that cannot be written in ASCII. */
  readonly number: string
}

const NO_CATEGORY = '0000'
const CNY_NUMBER = '156'
const NAME_MAX = 25

/** The text of a code for `payee`; `amount` is decimal text, or null for the payer to enter it. */
export function issueCode(issuer: CodeIssuer, code: IssuedCode, payee: CodePayee, amount: string | null): string {
  const part = code.kind === 'static' ? (['02', code.reference] as const) : (['03', code.token] as const)
  const plain = /^[\x20-\x7e]{1,25}$/.test(payee.name)
  const written = writeEmvMerchantCode({
    use: code.kind === 'static' ? 'static' : 'dynamic',
    accounts: [emvTemplate(TEMPLATE, CODE_SCHEME, [['01', code.institution], part])],
    categoryCode: NO_CATEGORY,
    currency: CNY_NUMBER,
    amount,
    tip: null,
    country: issuer.country,
    name: plain ? payee.name : `NO ${payee.number}`.slice(0, NAME_MAX),
    city: issuer.city,
    postalCode: null,
    additional: new Map(),
    otherLanguage: plain
      ? null
      : { language: 'ZH', name: Array.from(payee.name).slice(0, NAME_MAX).join(''), city: null },
    unreserved: [],
  })
  invariant(written.ok, `a code of ours keeps the rules: ${written.ok ? '' : written.error.code}`)
  return written.value
}

/** A scanned code as the scheme understands it, with what it says itself about name and amount. */
export interface ReadCode {
  readonly code: IssuedCode
  /** Decimal text, null when the payer enters it. */
  readonly amount: string | null
  readonly currency: string
}

export interface CodeFault {
  readonly rule: string
  readonly text: string
}

const INSTITUTION = /^[a-z0-9-]{1,20}$/
const TOKEN = /^[\w-]{22}$/

/** Reads a scanned text: a merchant-presented code of the scheme, or the address of an order's or a static code's page of ours. */
export function readIssuedCode(text: string, own: string, addresses: CodeAddresses): Result<ReadCode, CodeFault> {
  const address = readAddress(text, own, addresses)
  if (address !== undefined) return ok({ code: address, amount: null, currency: CNY_NUMBER })
  const read = readEmvMerchantCode(text)
  if (!read.ok) return err({ rule: read.error.code, text: emvFaultText(read.error) })
  const template = read.value.accounts.find((account) => account.fields?.get('00') === CODE_SCHEME)
  if (template === undefined) {
    return err({ rule: 'scheme_unknown', text: 'The code is in order, but of a scheme that is not paid here.' })
  }
  const code = issuedIn(template)
  if (code === undefined) return err({ rule: 'scheme_fields', text: 'The code names neither an order nor a payee.' })
  return ok({ code, ...terms(read.value) })
}

export interface CodeAddresses {
  readonly orderCodeUrl: (token: string) => string
  readonly staticCodeUrl: (reference: string) => string
}

function readAddress(text: string, institution: string, addresses: CodeAddresses): IssuedCode | undefined {
  const last = text.slice(text.lastIndexOf('/') + 1)
  if (TOKEN.test(last) && addresses.orderCodeUrl(last) === text) return { kind: 'order', institution, token: last }
  if (STATIC_CODE_REFERENCE.test(last) && addresses.staticCodeUrl(last) === text) {
    return { kind: 'static', institution, reference: last }
  }
  return undefined
}

function issuedIn({ fields }: EmvAccount): IssuedCode | undefined {
  const institution = fields?.get('01') ?? ''
  const reference = fields?.get('02')
  const token = fields?.get('03')
  if (!INSTITUTION.test(institution)) return undefined
  if (reference !== undefined && token === undefined && STATIC_CODE_REFERENCE.test(reference)) {
    return { kind: 'static', institution, reference }
  }
  if (token !== undefined && reference === undefined && TOKEN.test(token)) return { kind: 'order', institution, token }
  return undefined
}

function terms({ amount, currency }: EmvMerchantCode): Pick<ReadCode, 'amount' | 'currency'> {
  return { amount, currency }
}
