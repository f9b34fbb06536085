import type { CommandKind, Committer, Outcome } from '@huitong/committer'
import type { Told } from '@huitong/oracle'

/** One command of a run, with what the oracle expects of it. */
export interface Step {
  /** Under which it is summed up. */
  readonly name: string
  readonly expected: Told
  readonly submit: (submit: Committer['submit'], key: string) => Promise<Outcome<unknown>>
  /** What the answer teaches: ids of what the command made. Returns what is wrong with it, if anything is. */
  readonly learn: () => string | undefined
}

export function stepOf<Input, Answer>(
  name: string,
  expected: Told,
  kind: CommandKind<Input, Answer>,
  input: Input,
  /** Text when something is wrong with the answer. */
  learn: (answer: Answer) => unknown = () => undefined,
): Step {
  let answered: Answer | undefined
  return {
    name,
    expected,
    submit: async (submit, key) => {
      const outcome = await submit({ kind, input, idempotency: { caller: 'sim', key } })
      if (outcome.status === 'done') answered = outcome.answer
      return outcome
    },
    learn: () => {
      if (answered === undefined) return undefined
      const wrong = learn(answered)
      return typeof wrong === 'string' ? wrong : undefined
    },
  }
}
