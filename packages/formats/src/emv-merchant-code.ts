/*
 * EMVCo merchant-presented mode: what a shop shows and a wallet scans. The same form serves codes printed once (static: the payer
 * enters the amount) and codes of one order (dynamic).
 */

/** Who is paid, in one scheme's words. */
export interface EmvAccount {
  /** `02`–`25` of card schemes, `26`–`51` templates. */
  readonly id: string
  /** The whole value. */
  readonly value: string
  /** The parts of a template by id; `00` says whose template it is. Null for `02`–`25`. */
  readonly fields: ReadonlyMap<string, string> | null
}

export type EmvTip =
  | { readonly kind: 'ask' }
  | { readonly kind: 'fixed'; readonly amount: string }
  | { readonly kind: 'percent'; readonly percent: string }

export interface EmvMerchantCode {
  readonly use: 'static' | 'dynamic' | null
  readonly accounts: readonly EmvAccount[]
  /** ISO 18245; `0000` when unknown. */
  readonly categoryCode: string
  /** ISO 4217, three digits: `156`. */
  readonly currency: string
  /** Decimal text; null when the payer enters it. Whether it suits the currency is the reader's business. */
  readonly amount: string | null
  readonly tip: EmvTip | null
  readonly country: string
  readonly name: string
  readonly city: string
  readonly postalCode: string | null
  /** Template 62: `01` bill, `02` phone, `03` store, `04` loyalty, `05` reference, `06` customer, `07` terminal, `08` purpose. */
  readonly additional: ReadonlyMap<string, string>
  readonly otherLanguage: { readonly language: string; readonly name: string; readonly city: string | null } | null
  /** Templates `80`–`99`, which anybody may define. */
  readonly unreserved: readonly EmvAccount[]
}

/** Longest payload, in characters. */
export const EMV_PAYLOAD_MAX = 512

export function isAccountId(id: string): boolean {
  return id >= '02' && id <= '51'
}

export function isTemplateId(id: string): boolean {
  return (id >= '26' && id <= '51') || id === '62' || id === '64' || (id >= '80' && id <= '99')
}
