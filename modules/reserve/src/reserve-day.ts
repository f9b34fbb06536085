import type { Micros } from '@huitong/kernel'
import type { Position } from './position.ts'

/** The report of an accounting day, as of its end. It is written once. */
export interface ReserveDay extends Position {
  readonly day: string
  readonly madeAt: Micros
}
