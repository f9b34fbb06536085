import type { Committer } from '@huitong/committer'
import type { Chance } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { ApplicationDirectory } from './application-directory.ts'
import type { Party } from './party.ts'
import type { Vault } from './vault.ts'

/** What party's routes work with. */
export interface PartyRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly party: Party
  readonly vault: Vault
  readonly directory: ApplicationDirectory
  /** The operating system's: payment codes and API keys are drawn from it. */
  readonly chance: Chance
  /** Whether staff with `demo:operate` may make payment codes for customers. Only ever true in a demo world. */
  readonly demo: boolean
}
