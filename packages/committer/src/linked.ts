import { err, ok, type Result } from '@huitong/kernel'
import type { Command, CommandKind, Refusal } from './command.ts'

/** A member of a linked group, with its types closed over. */
export interface LinkedMember {
  readonly name: string
  readonly form: string
  readonly need: () => void
  /** Decides the member; its answer comes as JSON text. */
  readonly decide: () => Result<string, Refusal>
}

export function linkedMember<Input, Answer>(command: Pick<Command<Input, Answer>, 'kind' | 'input'>): LinkedMember {
  const { kind, input } = command
  return {
    name: kind.name,
    form: kind.form(input),
    need: () => kind.need(input),
    decide: () => {
      const result = kind.decide(input)
      return result.ok ? ok(kind.encode(result.value)) : result
    },
  }
}

/**
 * Commands that stand or fall together, decided one after the other within one batch. The first refusal refuses the group and
 * takes back what the members before it changed; its facts name the member's index, counted from 0.
 */
export const linkedKind: CommandKind<readonly LinkedMember[], readonly string[]> = {
  name: 'committer.linked',
  need: (members) => {
    for (const member of members) member.need()
  },
  decide: (members) => {
    const answers: string[] = []
    for (const [index, member] of members.entries()) {
      const result = member.decide()
      if (!result.ok) {
        return err({ code: result.error.code, facts: { ...result.error.facts, linked_index: String(index) } })
      }
      answers.push(result.value)
    }
    return ok(answers)
  },
  form: (members) => JSON.stringify(members.map((member) => [member.name, member.form])),
  encode: (answers) => JSON.stringify(answers),
  decode: (text) => {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed.map(String) : []
  },
}
