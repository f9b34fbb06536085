import Type from 'typebox'

/*
 * The JSON forms of WebAuthn Level 3, §5.1: what `PublicKeyCredential.toJSON()` gives and `parseCreationOptionsFromJSON()` takes.
 * Fields that we do not read may come, for browsers add new ones; what the signature covers is inside the encoded parts.
 */

const Base64Url = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength })
const open = { additionalProperties: true } as const

const credential = {
  id: Base64Url(1400),
  rawId: Base64Url(1400),
  type: Type.Literal('public-key'),
}

export const RegistrationAnswer = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON: Base64Url(8192),
        attestationObject: Base64Url(65_536),
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 10 })),
      },
      open,
    ),
  },
  { ...open, $id: 'PasskeyRegistrationAnswer', description: 'PublicKeyCredential.toJSON() after create()' },
)

export const AuthenticationAnswer = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON: Base64Url(8192),
        authenticatorData: Base64Url(8192),
        signature: Base64Url(8192),
        userHandle: Type.Optional(Type.Union([Base64Url(128), Type.Null()])),
      },
      open,
    ),
  },
  { ...open, $id: 'PasskeyAnswer', description: 'PublicKeyCredential.toJSON() after get()' },
)

const Descriptor = Type.Object(
  { id: Type.String(), type: Type.String(), transports: Type.Optional(Type.Array(Type.String())) },
  open,
)

export const CreationOptions = Type.Object(
  {
    challenge: Type.String(),
    rp: Type.Object({ id: Type.Optional(Type.String()), name: Type.String() }, open),
    user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }, open),
    excludeCredentials: Type.Optional(Type.Array(Descriptor)),
  },
  { ...open, $id: 'PasskeyCreationOptions', description: 'For PublicKeyCredential.parseCreationOptionsFromJSON()' },
)

export const RequestOptions = Type.Object(
  {
    challenge: Type.String(),
    rpId: Type.Optional(Type.String()),
    userVerification: Type.Optional(Type.String()),
    allowCredentials: Type.Optional(Type.Array(Descriptor)),
  },
  { ...open, $id: 'PasskeyRequestOptions', description: 'For PublicKeyCredential.parseRequestOptionsFromJSON()' },
)
