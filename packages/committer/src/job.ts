import { err, ok, type Result } from '@huitong/kernel'
import type { Command, Outcome, Refusal } from './command.ts'
import { type OutcomeKey, outcomeKey } from './outcome-key.ts'
import type { OutcomeMemory } from './outcome-memory.ts'
import type { RememberedOutcome } from './outcome-store.ts'
import { differingFields, rememberedInput } from './remembered-input.ts'
import type { WorkingSet } from './working-set.ts'
import { NotLoaded } from './working-table.ts'

/** A command in the queue, whatever its types are, so that one batch can mix all kinds. */
export interface Job {
  readonly kindName: string
  form(): string
  /** Announces the rows that it will read. */
  need(): void
  /** Decides it. `wait` asks for rows that are not loaded and leaves no trace. */
  decide(): 'decided' | 'wait'
  /** Tells the caller what was decided; called once its batch is committed. */
  settle(): void
  /** Tells the caller that it was not decided, or that nobody knows. */
  end(how: Undecided): void
}

export type Undecided = Extract<
  Outcome<never>,
  { readonly status: 'overloaded' | 'unavailable' | 'failed' | 'unknown' }
>

/** What all jobs of a committer share. */
export interface JobTables {
  readonly set: WorkingSet
  readonly outcomes: OutcomeMemory
}

/** A command with its caller's promise. A class, since there is one for every command: closures would be most of its size. */
export class CommandJob<Input, Answer> implements Job {
  readonly #command: Command<Input, Answer>
  readonly #tables: JobTables
  readonly #resolve: (outcome: Outcome<Answer>) => void
  /** The idempotency record's key and what is kept of the input; both or neither. */
  readonly #key: OutcomeKey | undefined
  readonly #remembering: string
  #outcome: Outcome<Answer> = UNDECIDED

  constructor(command: Command<Input, Answer>, tables: JobTables, resolve: (outcome: Outcome<Answer>) => void) {
    this.#command = command
    this.#tables = tables
    this.#resolve = resolve
    const { kind, input, idempotency } = command
    this.#key = idempotency === undefined ? undefined : outcomeKey(idempotency.caller, idempotency.key)
    this.#remembering = idempotency === undefined ? '' : rememberedInput(kind, kind.form(input))
  }

  get kindName(): string {
    return this.#command.kind.name
  }

  form(): string {
    return this.#command.kind.form(this.#command.input)
  }

  need(): void {
    if (this.#key !== undefined) this.#tables.outcomes.need(this.#key)
    this.#command.kind.need(this.#command.input)
  }

  decide(): 'decided' | 'wait' {
    const remembered = this.#key === undefined ? undefined : this.#tables.outcomes.get(this.#key)
    if (remembered !== undefined) {
      this.#outcome = this.#repeat(remembered)
      return 'decided'
    }
    const result = this.#decideNow()
    if (result === 'wait') return 'wait'
    if (result instanceof Error) {
      // Not remembered: a broken invariant is ours to mend, and the caller may then try again.
      this.#outcome = { status: 'failed', message: `${this.kindName}: ${result.message}` }
      return 'decided'
    }
    const batch = this.#tables.set.batch.number
    this.#outcome = result.ok
      ? { status: 'done', answer: result.value, batch, repeated: false }
      : { status: 'refused', refusal: result.error, batch, repeated: false }
    this.#remember(result, batch)
    return 'decided'
  }

  settle(): void {
    this.#resolve(this.#outcome)
  }

  end(how: Undecided): void {
    this.#resolve(how)
  }

  #decideNow(): Result<Answer, Refusal> | 'wait' | Error {
    const { set } = this.#tables
    const savepoint = set.savepoint()
    try {
      const result = this.#command.kind.decide(this.#command.input)
      if (!result.ok) set.rollbackTo(savepoint)
      return result
    } catch (error) {
      set.rollbackTo(savepoint)
      if (error instanceof NotLoaded) return 'wait'
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #remember(result: Result<Answer, Refusal>, batch: number): void {
    const { kind, idempotency } = this.#command
    if (this.#key === undefined || idempotency === undefined) return
    this.#tables.outcomes.add(this.#key, {
      caller: idempotency.caller,
      key: idempotency.key,
      kind: kind.name,
      input: this.#remembering,
      done: result.ok,
      batch,
      body: result.ok ? kind.encode(result.value) : encodeRefusal(result.error),
    })
  }

  /** The first answer again, or what is different this time. */
  #repeat({ kind: name, input, done, batch, body }: RememberedOutcome): Outcome<Answer> {
    const { kind } = this.#command
    if (name !== kind.name) return { status: 'key_conflict', kind: name, batch, differs: ['kind'] }
    if (input !== this.#remembering) {
      const differs = (kind.difference ?? differingFields)(input, this.#remembering)
      return { status: 'key_conflict', kind: name, batch, differs }
    }
    if (done) return { status: 'done', answer: kind.decode(body), batch, repeated: true }
    return { status: 'refused', refusal: decodeRefusal(body), batch, repeated: true }
  }
}

const UNDECIDED: { readonly status: 'unknown' } = { status: 'unknown' }

function encodeRefusal(refusal: Refusal): string {
  return JSON.stringify(refusal)
}

function decodeRefusal(text: string): Refusal {
  const parsed = refusalOf(JSON.parse(text))
  return parsed.ok ? parsed.value : { code: parsed.error }
}

function refusalOf(value: unknown): Result<Refusal, string> {
  if (typeof value !== 'object' || value === null || !('code' in value)) return err('unreadable_refusal')
  const code = String(value.code)
  if (!('facts' in value) || typeof value.facts !== 'object' || value.facts === null) return ok({ code })
  const facts = Object.fromEntries(Object.entries(value.facts).map(([name, fact]) => [name, String(fact)]))
  return ok({ code, facts })
}
