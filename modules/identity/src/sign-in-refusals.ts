/** Why a sign-in is refused, in order of precedence. */
export const SIGN_IN_REFUSALS = [
  'too_many_attempts',
  'link_unknown',
  'link_used',
  'link_expired',
  'subject_not_active',
  'device_lost',
] as const

export type SignInRefusal = (typeof SIGN_IN_REFUSALS)[number]

interface Meaning {
  readonly status: 403 | 404 | 410 | 429
  readonly retry: boolean
  readonly text: string
}

export const SIGN_IN_REFUSAL_MEANINGS: Readonly<Record<SignInRefusal, Meaning>> = {
  too_many_attempts: { status: 429, retry: true, text: 'Too many attempts from this address. Wait a minute.' },
  link_unknown: { status: 404, retry: false, text: 'This sign-in link does not exist.' },
  link_used: { status: 410, retry: false, text: 'This sign-in link was used before. Ask for a new one.' },
  link_expired: { status: 410, retry: false, text: 'This sign-in link has expired. Ask for a new one.' },
  subject_not_active: { status: 403, retry: false, text: 'This account may not sign in.' },
  device_lost: {
    ...{ status: 403, retry: false },
    text: 'This device was reported lost. Sign in on another one, and remove it there when it was found.',
  },
}
