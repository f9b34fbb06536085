import type { Chance, Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { AttemptLimiter } from './attempt-limiter.ts'
import type { Challenges } from './challenges.ts'
import type { Subject } from './subject.ts'
import type { RelyingParty } from './webauthn.ts'

export interface PasskeyParts {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  readonly chance: Chance
  readonly limiter: AttemptLimiter
  readonly challenges: Challenges
  /** Asked for at each use: the port may be known only once the program listens. */
  readonly site: () => RelyingParty
  readonly maySignIn: (subject: Subject) => Promise<boolean>
  /** What an authenticator shows its owner. */
  readonly nameOf: (subject: Subject) => Promise<string>
}
