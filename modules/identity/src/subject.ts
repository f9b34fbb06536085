/** Who signs in: a member of staff, or a customer, by id. */
export interface Subject {
  readonly kind: SubjectKind
  readonly id: number
}

export const SUBJECT_KINDS = ['staff', 'customer'] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]
