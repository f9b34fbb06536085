/** What an institution is. Its kind decides its chart of accounts, and is adopted once, before the first account. */
export const INSTITUTION_KINDS = {
  wallet_platform: '支付机构',
  bank: '银行',
  fund_manager: '基金管理人',
  insurer: '保险公司',
  clearing_house: '清算机构',
  regulator: '监管机构',
} as const

export type InstitutionKind = keyof typeof INSTITUTION_KINDS

/** Books that never adopted a chart are those of a wallet platform. */
export const DEFAULT_KIND: InstitutionKind = 'wallet_platform'

export function isInstitutionKind(text: string): text is InstitutionKind {
  return Object.hasOwn(INSTITUTION_KINDS, text)
}

export function institutionKinds(): readonly InstitutionKind[] {
  return Object.keys(INSTITUTION_KINDS).filter(isInstitutionKind)
}
