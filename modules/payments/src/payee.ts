import { badField } from '@huitong/http'
import { readPhone } from '@huitong/party'
import Type, { type Static } from 'typebox'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { type PaymentRouteParts, readId } from './route-parts.ts'
import { STATIC_CODE_REFERENCE } from './static-code.ts'

/** How a request names a person: in exactly one of these ways. */
export const Payee = Type.Object({
  customer: Type.Optional(Type.String({ maxLength: 40 })),
  userNumber: Type.Optional(Type.String({ pattern: '^2088[0-9]{12}$' })),
  phone: Type.Optional(Type.String({ maxLength: 32 })),
  staticCode: Type.Optional(Type.String({ maxLength: 32, description: 'Reference of a person’s static code' })),
})

/** The person whom a request names; undefined when there is none. */
export async function findPayee(
  { search, codes }: Pick<PaymentRouteParts, 'search' | 'codes'>,
  payee: Static<typeof Payee>,
  field = 'payee',
): Promise<number | undefined> {
  const { customer, userNumber, phone, staticCode } = payee
  const named = [customer, userNumber, phone, staticCode].filter((name) => name !== undefined)
  if (named.length !== 1) throw badField(field, 'one_of', 'name one of customer, userNumber, phone and staticCode')
  if (customer !== undefined) return readId(CUSTOMER_ID, customer, 'payee')
  if (userNumber !== undefined) return (await search.findByUserNumber(userNumber))?.id
  if (staticCode !== undefined) {
    const code = STATIC_CODE_REFERENCE.test(staticCode) ? await codes.staticCode(staticCode) : undefined
    return code?.state === 'active' && code.owner.kind === 'customer' ? code.owner.id : undefined
  }
  const number = readPhone(phone ?? '')
  if (!number.ok) throw badField(`${field}.phone`, number.error, 'is not a phone number')
  return (await search.findByPhone(number.value))?.id
}
