import { badField } from './http-problem.ts'

/** Headers of which two would leave open which one counts. Node takes the first of some of them and joins others. */
const SINGLE = ['Host', 'Authorization', 'Idempotency-Key'] as const

/**
 * Refuses a request that names one of these headers twice, by throwing a problem: a proxy before us may have judged the other one.
 * `rawHeaders` are names and values in turn, as they came.
 */
export function refuseRepeatedHeaders(rawHeaders: readonly string[]): void {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  for (const header of SINGLE) {
    const name = header.toLowerCase()
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw badField(header, 'single', 'must be sent only once')
  }
}
