/** The institution that this program runs. Its schema and its kind are settled by the first start. */
export const OWN_INSTITUTION = { schema: 'yunhe_pay', name: 'Yunhe Pay', kind: 'wallet_platform' } as const

/** As people call an institution. Books that were imported have no other name than that of their schema. */
export function institutionName(schema: string): string {
  return schema === OWN_INSTITUTION.schema ? OWN_INSTITUTION.name : schema
}
