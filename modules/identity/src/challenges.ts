import { createHash } from 'node:crypto'
import { type Chance, type Clock, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { type Challenge, insertChallenge, takeChallenge } from './challenge-store.ts'
import { CHALLENGE_LIFE } from './passkey.ts'
import type { ChallengeCheck } from './webauthn.ts'

/** One attempt to answer a challenge. */
interface ChallengeUse {
  readonly holds: ChallengeCheck
  /** Whether it was looked for and was not there, or too old. */
  denied(): boolean
}

export interface Challenges {
  issue(challenge: Challenge): Promise<Uint8Array>
  /** Uses the challenge up in a transaction of its own: an answer that proves nothing has spent it too. */
  use(challenge: Challenge): ChallengeUse
}

export function createChallenges(db: InstitutionDatabase, clock: Clock, chance: Chance): Challenges {
  // Clients answer with the challenge as text, in base64url; so the text is what is hashed.
  const hashOf = (text: string) => createHash('sha256').update(text, 'utf8').digest()

  return {
    issue: async (challenge) => {
      const drawn = chance.bytes(32)
      const at = clock.now()
      const hash = hashOf(Buffer.from(drawn).toString('base64url'))
      await db.transact(async (tx) => ok(await insertChallenge(tx, hash, challenge, at, at + CHALLENGE_LIFE)))
      return drawn
    },
    use: (challenge) => {
      let wasDenied = false
      return {
        holds: async (text) => {
          const taken = await db.transact(async (tx) =>
            ok(await takeChallenge(tx, hashOf(text), challenge, clock.now())),
          )
          wasDenied = !taken.ok || !taken.value
          return !wasDenied
        },
        denied: () => wasDenied,
      }
    },
  }
}
