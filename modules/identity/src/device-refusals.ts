/** Why something with devices is refused, in order of precedence. */
export const DEVICE_REFUSALS = [
  'device_unknown',
  'paying_not_stopped',
  'step_up_required',
  'older_proof_required',
] as const

export type DeviceRefusal = (typeof DEVICE_REFUSALS)[number]

interface Meaning {
  readonly status: 403 | 404 | 409
  readonly retry: boolean
  readonly text: string
}

export const DEVICE_REFUSAL_MEANINGS: Readonly<Record<DeviceRefusal, Meaning>> = {
  device_unknown: { status: 404, retry: false, text: 'There is no such device of yours.' },
  paying_not_stopped: { status: 409, retry: false, text: 'Nothing of yours is stopped.' },
  step_up_required: { status: 403, retry: true, text: 'Prove yourself anew with a passkey or a code, then try again.' },
  older_proof_required: {
    ...{ status: 403, retry: true },
    text: 'It takes a passkey or codes from before the loss. Without any, ask customer service.',
  },
}
