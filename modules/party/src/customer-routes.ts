import {
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Customer } from './customer.ts'
import { findCustomer, findPhone, listCustomers } from './customer-queries.ts'
import type { PartyRouteParts } from './route-parts.ts'

/** A customer as the API shows it. */
export const CustomerBody = Type.Object(
  {
    id: PublicId('cust'),
    userNumber: Type.String({ examples: ['2088102146225135'] }),
    displayName: Type.String(),
    maskedLogonId: Type.String({ examples: ['159****5620'] }),
    phone: Type.Optional(Type.String({ description: 'In full, for the customer alone' })),
    status: Type.String(),
    tier: Type.Integer({ minimum: 1, maximum: 3 }),
    registeredAt: Timestamp,
  },
  { $id: 'Customer' },
)

export function customerBody(customer: Customer): Static<typeof CustomerBody> {
  const { id, userNumber, displayName, maskedLogonId, status, tier, registeredAt } = customer
  return {
    id: publicId('cust', id),
    userNumber,
    displayName,
    maskedLogonId,
    status,
    tier,
    registeredAt: microsToIso(registeredAt),
  }
}

const LIST = 'customers'

export function addCustomerRoutes(http: HttpApp, { db, vault }: PartyRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/customers',
    access: { callers: ['staff'], scope: 'party:read' },
    summary: 'Customers in order of registration',
    tags: ['Customers'],
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(CustomerBody) } },
    handler: async ({ query }) => {
      const after = query.cursor === undefined ? undefined : decodeCursor(LIST, ['number'], query.cursor)
      if (after?.ok === false) return badField('cursor', after.error, 'is not a cursor of this list')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const rows = await db.read((tx) => listCustomers(tx, Number(after?.value[0] ?? 0), limit + 1))
      return reply(pageOf(rows, limit, customerBody, (last) => encodeCursor(LIST, [last.id])))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/customers/:id',
    access: { callers: ['staff', 'customer'], scope: 'party:read' },
    summary: 'One customer: any for staff, themselves for customers',
    tags: ['Customers'],
    schema: { params: Type.Object({ id: PublicId('cust') }), response: { 200: CustomerBody } },
    handler: async ({ caller, params }) => {
      const id = parsePublicId('cust', params.id)
      const themselves = id.ok && caller.customerId === id.value
      if (!id.ok || (caller.kind === 'customer' && !themselves)) return notFound('customer')
      const found = await db.read(async (tx) => {
        const customer = await findCustomer(tx, id.value)
        return { customer, phone: themselves ? await findPhone(tx, vault, id.value) : undefined }
      })
      if (found.customer === undefined) return notFound('customer')
      const body = customerBody(found.customer)
      return reply(found.phone === undefined ? body : { ...body, phone: found.phone })
    },
  })
}
