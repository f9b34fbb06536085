import { isScope } from '@huitong/contract'
import { type Authenticator, createHttp, createLog, type HttpApp } from '@huitong/http'
import { systemChance } from '@huitong/kernel'
import { addPartyRoutes, apiKeyAuthenticator, createApplicationDirectory } from '../src/index.ts'
import type { PartyWorld } from './party-world.ts'

/** `Bearer staff party:read …` is a member of staff with these scopes, `Bearer customer 1024 …` a customer. */
const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...words] = (headers.authorization ?? '').split(' ')
  const scopes = new Set(words.filter(isScope))
  if (kind === 'staff') return { kind, id: 'staff:1', scopes }
  if (kind === 'customer') return { kind, id: `customer:${words[0]}`, scopes, customerId: Number(words[0]) }
  return undefined
}

/** The API of a party world, with `demo` as told. */
export async function startPartyApi(world: PartyWorld, demo = false): Promise<HttpApp> {
  const { institution, committer, party, vault, clock } = world
  const directory = createApplicationDirectory(institution.db, clock)
  const authenticate = [apiKeyAuthenticator(directory), bearer]
  const http = await createHttp({ log: createLog({ level: 'silent' }), authenticate })
  addPartyRoutes(http, { db: institution.db, committer, party, vault, directory, chance: systemChance(), demo })
  return http
}
