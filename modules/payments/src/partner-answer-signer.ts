import type { KeyObject } from 'node:crypto'
import { signHttpAnswer } from '@huitong/formats'
import type { AnswerSigner } from '@huitong/http'
import { type Clock, microsToIso } from '@huitong/kernel'

export interface PartnerAnswerSignerDeps {
  /** Our own name among partners, which our key goes by. */
  readonly institution: string
  readonly privateKey: KeyObject
  readonly wallClock: Clock
  /** Where the outside finds us: it stands under every signature. */
  readonly baseUrl: () => string
}

/** Signs what a partner is answered together with what it asked: a yes is one of ours, and to this request. */
export function partnerAnswerSigner({
  institution,
  privateKey,
  wallClock,
  baseUrl,
}: PartnerAnswerSignerDeps): AnswerSigner {
  return {
    under: '/v1/partner/',
    sign: (answer, { method, rawTarget, rawBody }) =>
      signHttpAnswer(
        answer,
        { method, url: new URL(rawTarget, baseUrl()).href, body: rawBody },
        { id: institution, privateKey },
        new Date(microsToIso(wallClock.now())),
      ),
  }
}
