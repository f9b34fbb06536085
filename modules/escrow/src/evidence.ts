/** What one side of a dispute said, with references to documents that are kept elsewhere. Never changed. */
export interface Evidence {
  readonly trade: number
  readonly dispute: number
  readonly side: 'buyer' | 'merchant'
  /** From 1, by side. */
  readonly number: number
  readonly statement: string
  readonly documents: readonly string[]
  /** µs. */
  readonly givenAt: number
}
