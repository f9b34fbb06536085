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
import type { Merchant } from './merchant.ts'
import { findMerchant, listMerchants } from './merchant-queries.ts'
import type { PartyRouteParts } from './route-parts.ts'

/** A merchant as the API shows it. */
export const MerchantBody = Type.Object(
  {
    id: PublicId('mrch'),
    sellerNumber: Type.String({ examples: ['2088102146225135'] }),
    name: Type.String(),
    status: Type.String(),
    registeredAt: Timestamp,
  },
  { $id: 'Merchant' },
)

export function merchantBody(merchant: Merchant): Static<typeof MerchantBody> {
  const { id, sellerNumber, name, status, registeredAt } = merchant
  return { id: publicId('mrch', id), sellerNumber, name, status, registeredAt: microsToIso(registeredAt) }
}

const LIST = 'merchants'

export function addMerchantRoutes(http: HttpApp, { db }: PartyRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/merchants',
    access: { callers: ['staff'], scope: 'party:read' },
    summary: 'Merchants in order of registration',
    tags: ['Merchants'],
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(MerchantBody) } },
    handler: async ({ query }) => {
      const after = query.cursor === undefined ? undefined : decodeCursor(LIST, ['number'], query.cursor)
      if (after?.ok === false) return badField('cursor', after.error, 'is not a cursor of this list')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const rows = await db.read((tx) => listMerchants(tx, Number(after?.value[0] ?? 0), limit + 1))
      return reply(pageOf(rows, limit, merchantBody, (last) => encodeCursor(LIST, [last.id])))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/merchants/:id',
    access: { callers: ['staff', 'merchant'], scope: 'party:read' },
    summary: 'One merchant: any for staff, its own for an application',
    tags: ['Merchants'],
    schema: { params: Type.Object({ id: PublicId('mrch') }), response: { 200: MerchantBody } },
    handler: async ({ caller, params }) => {
      const id = parsePublicId('mrch', params.id)
      if (!id.ok || (caller.kind === 'merchant' && caller.merchantId !== id.value)) return notFound('merchant')
      const merchant = await db.read((tx) => findMerchant(tx, id.value))
      return merchant === undefined ? notFound('merchant') : reply(merchantBody(merchant))
    },
  })
}
