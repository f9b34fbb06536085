/** Why something with one-time codes is refused, in order of precedence. */
export const CODE_REFUSALS = [
  'too_many_attempts',
  'stronger_sign_in_required',
  'codes_not_set_up',
  'code_attempts_blocked',
  'code_invalid',
  'code_used_before',
] as const

export type CodeRefusal = (typeof CODE_REFUSALS)[number]

interface Meaning {
  readonly status: 403 | 404 | 409 | 422 | 429
  readonly retry: boolean
  readonly text: string
}

export const CODE_REFUSAL_MEANINGS: Readonly<Record<CodeRefusal, Meaning>> = {
  too_many_attempts: { status: 429, retry: true, text: 'Too many attempts from this address. Wait a minute.' },
  stronger_sign_in_required: {
    ...{ status: 403, retry: true },
    text: 'Prove yourself with a passkey or a code that you have already, then try again.',
  },
  codes_not_set_up: { status: 404, retry: false, text: 'One-time codes are not set up here.' },
  code_attempts_blocked: {
    ...{ status: 429, retry: true },
    text: 'Too many false codes. Wait, or prove yourself in another way.',
  },
  code_invalid: { status: 422, retry: true, text: 'This is not the code of now, nor a recovery code.' },
  code_used_before: { status: 409, retry: true, text: 'This code was used. Wait for the next one.' },
}
