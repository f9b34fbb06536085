import type { Result } from '@huitong/kernel'

/**
 * A refusal as it leaves decide and as it is remembered: a code of the module's closed list, and facts about it as JSON text
 * values. It says nothing that depends on who asks.
 */
export interface Refusal {
  readonly code: string
  readonly facts?: Readonly<Record<string, string>>
}

/**
 * One kind of command.
 *
 * `decide` is a function of the input and the working set (through table handles that the kind closes over): no I/O, no clock, no
 * chance. It may throw only for a broken invariant, which fails this one command. Whatever it changed before it refused or threw is
 * taken back.
 */
export interface CommandKind<Input, Answer> {
  /** `module.verb`, unique within the program; kept with remembered outcomes. */
  readonly name: string
  /** Announces the rows that decide will read, as far as the input tells them. */
  readonly need: (input: Input) => void
  readonly decide: (input: Input) => Result<Answer, Refusal>
  /** The input as canonical text: equal text means the same request under the same idempotency key. */
  readonly form: (input: Input) => string
  /** True when the form holds nothing personal: it is then kept with the outcome, else only digests of it. */
  readonly keepsForm?: boolean
  /** Names the fields in which two kept forms differ; for kinds that keep theirs. */
  readonly difference?: (first: string, second: string) => readonly string[]
  /** The answer as JSON text, and back, for remembered outcomes. */
  readonly encode: (answer: Answer) => string
  readonly decode: (text: string) => Answer
}

/** Who asked, and under which key of theirs. Without one the command's own rows must make a repeat harmless. */
export interface IdempotencyKey {
  readonly caller: string
  readonly key: string
}

export interface Command<Input, Answer> {
  readonly kind: CommandKind<Input, Answer>
  readonly input: Input
  readonly idempotency?: IdempotencyKey
}

/** What became of a command. Only `unknown` leaves open whether it took effect: ask again under the same key. */
export type Outcome<Answer> =
  | { readonly status: 'done'; readonly answer: Answer; readonly batch: number; readonly repeated: boolean }
  | { readonly status: 'refused'; readonly refusal: Refusal; readonly batch: number; readonly repeated: boolean }
  /** The key was used before for another request, of this kind and with these fields different: nothing was done. */
  | {
      readonly status: 'key_conflict'
      readonly kind: string
      readonly batch: number
      readonly differs: readonly string[]
    }
  /** The queue is full: nothing was done, try again after this many milliseconds. */
  | { readonly status: 'overloaded'; readonly retryAfterMs: number }
  /** No database or no longer the holder: nothing was done. */
  | { readonly status: 'unavailable' }
  /** A broken invariant or a write that PostgreSQL refused: nothing was done, staff have a case. */
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'unknown' }

export type Lane = 'interactive' | 'bulk'
