/** Why something with a passkey is refused, in order of precedence. */
export const PASSKEY_REFUSALS = [
  'too_many_attempts',
  'stronger_sign_in_required',
  'passkeys_too_many',
  'passkey_unknown',
  'challenge_invalid',
  'passkey_invalid',
  'passkey_registered_before',
  'passkey_suspended',
  'passkey_cloned',
  'subject_not_active',
  'device_lost',
] as const

export type PasskeyRefusal = (typeof PASSKEY_REFUSALS)[number]

interface Meaning {
  readonly status: 403 | 404 | 409 | 422 | 429
  readonly retry: boolean
  readonly text: string
}

export const PASSKEY_REFUSAL_MEANINGS: Readonly<Record<PasskeyRefusal, Meaning>> = {
  too_many_attempts: { status: 429, retry: true, text: 'Too many attempts from this address. Wait a minute.' },
  stronger_sign_in_required: {
    ...{ status: 403, retry: true },
    text: 'Prove yourself with a passkey or a code that you have already, then try again.',
  },
  passkeys_too_many: { status: 409, retry: false, text: 'There are ten passkeys. Remove one that you no longer use.' },
  passkey_unknown: { status: 404, retry: false, text: 'This passkey is not known here, or was removed.' },
  challenge_invalid: {
    ...{ status: 422, retry: true },
    text: 'The challenge is unknown, was used before, or is too old. Ask for a new one.',
  },
  passkey_invalid: {
    ...{ status: 422, retry: false },
    text: 'The answer does not prove the passkey for this site, with its owner verified.',
  },
  passkey_registered_before: { status: 409, retry: false, text: 'This passkey is registered already.' },
  passkey_suspended: { status: 403, retry: false, text: 'This passkey is suspended. Use another way to sign in.' },
  passkey_cloned: {
    ...{ status: 403, retry: false },
    text: 'The passkey seems to exist twice and was suspended. Use another way to sign in, then remove it.',
  },
  subject_not_active: { status: 403, retry: false, text: 'This account may not sign in.' },
  device_lost: {
    ...{ status: 403, retry: false },
    text: 'This device was reported lost. Sign in on another one, and remove it there when it was found.',
  },
}
