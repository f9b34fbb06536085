import type { CommandKind, Outcome } from '@huitong/committer'
import type { Institution } from './institution.ts'

/** A command of the making of the demo world, under a key that gives a repeat the first answer; undefined where a repeat changes nothing. */
export async function demoStep<Input, Answer>(
  { committer }: Institution,
  key: string | undefined,
  kind: CommandKind<Input, Answer>,
  input: Input,
): Promise<Answer> {
  const idempotency = key === undefined ? {} : { idempotency: { caller: 'demo-world', key } }
  const outcome: Outcome<Answer> = await committer.submit({ kind, input, ...idempotency })
  if (outcome.status === 'done') return outcome.answer
  const why = outcome.status === 'refused' ? outcome.refusal.code : outcome.status
  throw new Error(`the demo world could not be made: ${key ?? kind.name} was answered with ${why}`)
}
