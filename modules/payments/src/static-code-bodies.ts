import { Timestamp } from '@huitong/contract'
import { microsToIso } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { CodePayee } from './issued-code.ts'
import { issueCode } from './issued-code.ts'
import type { PaymentRouteParts } from './route-parts.ts'
import { STATIC_CODE_STATES } from './static-code.ts'
import type { StaticCodeView } from './static-code-commands.ts'

export const StaticCodeBody = Type.Object(
  {
    reference: Type.String({ examples: ['7K3M9QX2A4BC5DEF'] }),
    label: Type.String(),
    state: Type.Enum([...STATIC_CODE_STATES]),
    replacedBy: Type.Union([Type.String(), Type.Null()]),
    payeeName: Type.String({ description: 'The name that payers see and confirm' }),
    emv: Type.String({ description: 'Text of the code, EMVCo merchant-presented' }),
    url: Type.String({ description: 'Address of the page on which it is paid' }),
    createdAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'StaticCode' },
)

export function staticCodeBody(
  { issuer, staticCodeUrl }: Pick<PaymentRouteParts, 'issuer' | 'staticCodeUrl'>,
  code: StaticCodeView,
  payee: CodePayee,
): Static<typeof StaticCodeBody> {
  const { reference, label, state, replacedBy, createdAt, endedAt } = code
  const issued = { kind: 'static', institution: issuer.institution, reference } as const
  return {
    ...{ reference, label, state, replacedBy, payeeName: payee.name },
    emv: issueCode(issuer, issued, payee, null),
    url: staticCodeUrl(reference),
    createdAt: microsToIso(createdAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
  }
}
