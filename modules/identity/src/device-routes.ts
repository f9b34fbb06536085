import { LineText, PublicId, Timestamp } from '@huitong/contract'
import { type HttpApp, type HttpProblem, noContent, notFound, problem, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { DEVICE_STATES, type Device } from './device.ts'
import { DEVICE_REFUSAL_MEANINGS, type DeviceRefusal } from './device-refusals.ts'
import type { Identity } from './identity.ts'
import { ownSession } from './route-parts.ts'

const SIGNED_IN = { callers: ['staff', 'customer'] } as const
/** A thief may hold the second factor, so its owner needs none to say so. */
const ALARM = { ...SIGNED_IN, beforeProof: true } as const
const ById = Type.Object({ id: PublicId('devi') })
const tags = ['Identity']

const DeviceBody = Type.Object(
  {
    id: PublicId('devi'),
    name: Type.String(),
    place: Type.String({ description: 'Roughly where it was used last', examples: ['203.0.*.*'] }),
    state: Type.Enum([...DEVICE_STATES]),
    firstSeenAt: Timestamp,
    lastSeenAt: Timestamp,
    current: Type.Boolean({ description: "Whether this request's session began on it" }),
  },
  { $id: 'Device' },
)

function deviceProblem(refusal: DeviceRefusal): HttpProblem {
  const { status, text } = DEVICE_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

/** One's own devices: which there are, and what to do when one is lost. */
export function addDeviceRoutes(http: HttpApp, identity: Identity): void {
  http.route({
    method: 'GET',
    url: '/v1/me/devices',
    access: ALARM,
    summary: 'Your own devices, newest first',
    tags,
    schema: {
      response: {
        200: Type.Object({
          items: Type.Array(DeviceBody),
          payingStopped: Type.Boolean({ description: 'Whether nothing of yours can be paid, since a device was lost' }),
        }),
      },
    },
    handler: async ({ caller }) => {
      const { subject, deviceId } = ownSession(identity, caller)
      const [devices, payingStopped] = await Promise.all([
        identity.listDevices(subject),
        identity.payingStopped(subject),
      ])
      return reply({ items: devices.map((device) => deviceBody(device, deviceId)), payingStopped })
    },
  })

  http.route({
    method: 'PATCH',
    url: '/v1/me/devices/:id',
    access: SIGNED_IN,
    summary: 'Call one of your devices something else',
    tags,
    schema: { params: ById, body: Type.Object({ name: LineText(64) }), response: { 204: Type.Undefined() } },
    handler: async ({ caller, params, body }) => {
      const done = await identity.renameDevice(ownSession(identity, caller), idOf(params), body.name)
      return done.ok ? noContent() : deviceProblem(done.error)
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/me/devices/:id',
    access: SIGNED_IN,
    summary: 'Remove one of your devices: its sessions end',
    description: 'One that was lost and found may come in again after this, as a new one.',
    tags,
    schema: { params: ById, response: { 204: Type.Undefined() } },
    handler: async ({ caller, params, ip }) => {
      const done = await identity.removeDevice(ownSession(identity, caller), idOf(params), ip)
      return done.ok ? noContent() : deviceProblem(done.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/devices/:id/lost',
    access: ALARM,
    summary: 'Report one of your devices lost',
    description:
      'Nobody comes in from it, its sessions end, passkeys made on it are suspended, payment codes are used up and nothing can be paid, ' +
      'until `POST /v1/me/paying/allow`. When the answer was lost, report it again.',
    tags,
    schema: {
      params: ById,
      body: Type.Object({
        codesToo: Type.Optional(Type.Boolean({ description: 'Whether the app of one-time codes was on it too' })),
      }),
      response: { 204: Type.Undefined() },
    },
    handler: async ({ caller, params, body, ip }) => {
      const loss = { codesToo: body.codesToo === true }
      const done = await identity.reportLost(ownSession(identity, caller), idOf(params), loss, ip)
      return done.ok ? noContent() : deviceProblem(done.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/paying/allow',
    access: { callers: ['customer'] },
    summary: 'Pay again after a loss',
    description: 'It takes a proof made just now, by a passkey or codes from before the loss.',
    tags,
    schema: { response: { 204: Type.Undefined() } },
    handler: async ({ caller, ip }) => {
      const done = await identity.allowPaying(ownSession(identity, caller), ip)
      return done.ok ? noContent() : deviceProblem(done.error)
    },
  })
}

function idOf(params: { readonly id: string }): number {
  const id = parsePublicId('devi', params.id)
  if (!id.ok) throw notFound('device')
  return id.value
}

function deviceBody(device: Device, current: number | null): Static<typeof DeviceBody> {
  const { id, name, place, state, firstSeenAt, lastSeenAt } = device
  return {
    ...{ id: publicId('devi', id), name, place, state, current: id === current },
    ...{ firstSeenAt: microsToIso(firstSeenAt), lastSeenAt: microsToIso(lastSeenAt) },
  }
}
