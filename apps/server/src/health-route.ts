import type { HttpApp } from '@huitong/http'
import { reply } from '@huitong/http'
import Type, { type Static } from 'typebox'

const InstitutionHealth = Type.Object({
  institution: Type.String({ description: 'The schema, by which the log tells institutions apart' }),
  name: Type.String(),
  kind: Type.String(),
  state: Type.String({
    description: 'running, stopped, lost or whatever its committer is; not_started when it could not be started',
  }),
  url: Type.Union([Type.String(), Type.Null()]),
})
export type InstitutionHealth = Static<typeof InstitutionHealth>

/** `/health`, on the first institution's address: how every institution of the program is. `/readyz` is about the one that is asked. */
export function registerHealthRoute(http: HttpApp, read: () => readonly InstitutionHealth[]): void {
  http.route({
    method: 'GET',
    url: '/health',
    access: { callers: ['anonymous', 'staff', 'customer', 'merchant', 'partner'] },
    summary: 'How every institution of this program is',
    tags: ['System'],
    schema: { response: { 200: Type.Object({ institutions: Type.Array(InstitutionHealth) }) } },
    handler: () => reply({ institutions: [...read()] }),
  })
}
