import type { Caller } from '@huitong/contract'
import { type HttpApp, PROVE_PATH, type RawReply, type RawRequest, seeOther } from '@huitong/http'
import { parsePublicId, type Result } from '@huitong/kernel'
import { devicesPage } from './device-page.ts'
import { DEVICE_REFUSAL_MEANINGS, type DeviceRefusal } from './device-refusals.ts'
import type { Identity } from './identity.ts'
import { formOf, ownSession } from './route-parts.ts'
import type { Session } from './session.ts'

const PERSON = { callers: ['anonymous', 'staff', 'customer'] } as const
const ALARM = { ...PERSON, beforeProof: true } as const
const PATH = '/me/devices'

/** `/me/devices`, which works without scripts. */
export function addDevicePageRoutes(http: HttpApp, identity: Identity): void {
  async function show(caller: Caller, fault?: string): Promise<RawReply> {
    const { subject, deviceId, awaitsProof } = ownSession(identity, caller)
    const [devices, payingStopped] = await Promise.all([identity.listDevices(subject), identity.payingStopped(subject)])
    return devicesPage({ devices, current: deviceId, payingStopped, owesProof: awaitsProof }, fault)
  }

  http.rawRoute({
    method: 'GET',
    url: PATH,
    access: ALARM,
    summary: 'The page of your own devices',
    handler: ({ caller }) => (caller.kind === 'anonymous' ? seeOther('/signin') : show(caller)),
  })

  function form(
    url: string,
    access: typeof PERSON | typeof ALARM,
    summary: string,
    work: (session: Session, id: number, request: RawRequest) => Promise<Result<null, DeviceRefusal>>,
  ): void {
    http.rawRoute({
      method: 'POST',
      url,
      access,
      summary,
      handler: async (request) => {
        const { caller, params } = request
        if (caller.kind === 'anonymous') return seeOther('/signin')
        const id = parsePublicId('devi', params.id ?? '')
        const done = await work(ownSession(identity, caller), id.ok ? id.value : 0, request)
        if (done.ok) return seeOther(PATH)
        if (done.error === 'step_up_required') return seeOther(`${PROVE_PATH}?next=${PATH}`)
        return show(caller, DEVICE_REFUSAL_MEANINGS[done.error].text)
      },
    })
  }

  form(`${PATH}/:id/lost`, ALARM, 'Report a device lost, from the page', (session, id, request) =>
    identity.reportLost(session, id, { codesToo: formOf(request).get('codes') === 'yes' }, request.ip),
  )
  form(`${PATH}/:id/remove`, PERSON, 'Remove a device, from the page', (session, id, { ip }) =>
    identity.removeDevice(session, id, ip),
  )
  form('/me/paying/allow', PERSON, 'Pay again after a loss, from the page', (session, _id, { ip }) =>
    identity.allowPaying(session, ip),
  )
}
