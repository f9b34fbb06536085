import type { Identity, StaffMember } from '@huitong/identity'
import type { DemoWorld } from './demo-world.ts'

export interface SignInLink {
  /** For whom, as people say it. */
  readonly role: string
  readonly url: string
}

/**
 * The operator's link, and in a demo world one of a customer. There are no passwords: who sees the terminal may sign in, once a
 * link. Real customers' links are shown to nobody else.
 */
export async function issueSignInLinks(
  identity: Identity,
  baseUrl: string,
  founder: StaffMember,
  world: DemoWorld | undefined,
): Promise<readonly SignInLink[]> {
  const operator = await identity.issueSignInLink({ kind: 'staff', id: founder.id })
  const links = [{ role: `Operator ${founder.name}`, url: `${baseUrl}/signin/${operator.token}` }]
  const customer = world?.customers[0]
  if (customer !== undefined) {
    const { token } = await identity.issueSignInLink({ kind: 'customer', id: customer.id })
    links.push({ role: `Customer ${customer.name}`, url: `${baseUrl}/signin/${token}` })
  }
  return links
}
