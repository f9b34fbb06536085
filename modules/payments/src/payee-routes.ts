import { PublicId } from '@huitong/contract'
import { type HttpApp, problem, reply } from '@huitong/http'
import { MICROS_PER_SECOND, type Micros, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { findPayee, Payee } from './payee.ts'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { PERSON_READS } from './people-routes.ts'
import type { PaymentRouteParts } from './route-parts.ts'

const LOOKUPS_MAX = 30
const WINDOW: Micros = 60 * MICROS_PER_SECOND
const ENTRIES_MAX = 20_000

export function addPayeeRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { queries, clock } = parts
  const lookups = new Map<string, { readonly from: Micros; count: number }>()

  /** Whoever tries phone numbers to learn names gets a few a minute. Counted in this process, in bounded memory. */
  function mayLookUp(caller: string): boolean {
    const now = clock.now()
    const entry = lookups.get(caller)
    if (entry !== undefined && now >= entry.from && now - entry.from < WINDOW) {
      entry.count += 1
      return entry.count <= LOOKUPS_MAX
    }
    lookups.delete(caller)
    lookups.set(caller, { from: now, count: 1 })
    for (const oldest of lookups.keys()) {
      if (lookups.size <= ENTRIES_MAX) break
      lookups.delete(oldest)
    }
    return true
  }

  http.route({
    method: 'POST',
    url: '/v1/payees/resolve',
    access: PERSON_READS,
    summary: 'Whom a phone number, user number, id or static code names',
    description: 'The name is masked: enough to notice a mistake before confirming. A few look-ups a minute.',
    tags: ['Transfers'],
    schema: {
      body: Type.Object({ payee: Payee }),
      response: {
        200: Type.Object({ customer: PublicId(CUSTOMER_ID), name: Type.String() }, { $id: 'ResolvedPayee' }),
      },
    },
    handler: async ({ caller, body }) => {
      if (!mayLookUp(caller.id)) {
        return problem(429, 'too_many_lookups', 'Too many names were looked up. Wait a minute.', [], {
          'retry-after': '60',
        })
      }
      const customer = await findPayee(parts, body.payee)
      const name = customer === undefined ? undefined : await queries.people.maskedName(customer)
      if (customer === undefined || name === undefined) {
        return problem(404, 'payee_not_found', 'There is no such payee.')
      }
      return reply({ customer: publicId(CUSTOMER_ID, customer), name })
    },
  })
}
