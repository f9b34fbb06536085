import { readFile } from 'node:fs/promises'
import type { Committer } from '@huitong/committer'
import { Day } from '@huitong/contract'
import { invariant } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { PolicyBody, readPolicy } from './policy.ts'
import { selectPolicies } from './policy-store.ts'
import type { NewPolicyVersion } from './policy-version.ts'
import type { RiskCommands } from './risk-commands.ts'

const File = Type.Object({ source: Type.String(), effectiveFrom: Day, policy: PolicyBody })

/** The policy that an institution begins with. */
export async function readBuiltInPolicy(): Promise<NewPolicyVersion> {
  const text = await readFile(new URL('../data/built-in-policy.json', import.meta.url), 'utf8')
  const file: unknown = JSON.parse(text)
  invariant(Value.Check(File, file), 'the file of the first policy has the form that is read')
  const policy = readPolicy(file.policy)
  invariant(policy.ok, 'the first policy keeps the rules of one')
  return { effectiveFrom: file.effectiveFrom, policy: policy.value, source: file.source }
}

export interface AdoptPolicyOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: RiskCommands
}

/** Gives an institution its first policy, at its first start. */
export async function adoptPolicy({ db, committer, commands }: AdoptPolicyOptions): Promise<void> {
  if ((await db.read((tx) => selectPolicies(tx.sql))).length > 0) return
  const outcome = await committer.submit({ kind: commands.adoptPolicy, input: await readBuiltInPolicy() })
  if (outcome.status !== 'done') throw new Error(`the first risk policy could not be adopted: ${outcome.status}`)
}
