import { type AlipayRefusal, alipayBusinessRefusal } from '@huitong/formats'
import { err, type JsonObject, type Micros, type Result } from '@huitong/kernel'
import type { Application } from '@huitong/party'
import { type AlipayFields, type FieldTable, readAlipayFields } from './alipay-fields.ts'
import type { SubCodes } from './alipay-sub-codes.ts'

/** A request whose sender is known, in the form that both versions of the protocol share. */
export interface AlipayCall {
  readonly application: Application
  /** The business content; in v3 the body or the query. */
  readonly content: JsonObject
  readonly receivedAt: Micros
}

export type AlipayResult = Result<object, AlipayRefusal>

/** One method of the gateway, for v2 by its name and for v3 by its address. */
export interface AlipayMethod {
  readonly name: string
  readonly v3: { readonly httpMethod: 'GET' | 'POST'; readonly path: string }
  /** Whether a request may change anything. */
  readonly kind: 'command' | 'query'
  /** Whether notify_url and return_url, which v2 has beside the content, belong to its fields. */
  readonly takesAddresses: boolean
  readonly handle: (call: AlipayCall) => Promise<AlipayResult>
}

export interface AlipayMethodDefinition<Name extends string> {
  readonly name: string
  /** GET where v3 asks by query; POST unless told. */
  readonly httpMethod?: 'GET'
  readonly kind: 'command' | 'query'
  readonly fields: FieldTable<Name>
  readonly codes: SubCodes
  readonly run: (fields: AlipayFields<Name>, call: AlipayCall) => Promise<AlipayResult>
}

/** Puts a method together: its fields are judged first, so that `run` only sees content that keeps the rules. */
export function alipayMethod<Name extends string>(definition: AlipayMethodDefinition<Name>): AlipayMethod {
  const { name, kind, fields: table, codes } = definition
  return {
    name,
    kind,
    v3: { httpMethod: definition.httpMethod ?? 'POST', path: `/v3/${name.replaceAll('.', '/')}` },
    takesAddresses: Object.hasOwn(table, 'notify_url'),
    handle: async (call) => {
      const fields = readAlipayFields(call.content, table)
      if (!fields.ok) return invalidField(codes, fields.error.field, fields.error.text)
      return definition.run(fields.value, call)
    },
  }
}

/** The refusal of one field. */
export function invalidField(
  codes: SubCodes,
  field: string,
  text: string,
): { readonly ok: false; readonly error: AlipayRefusal } {
  return err(alipayBusinessRefusal(codes.invalid, `${field} ${text}`))
}
