/** How the command line ends, for scripts: 0 done, and one number for each way in which it was not. */
export const EXIT = {
  /** Something that nobody foresaw. */
  failed: 1,
  usage: 2,
  /** The server does not run, or cannot be reached. */
  unreachable: 3,
  /** The server, or the rules of a backup, said no; nothing was changed. */
  refused: 4,
  /** `ledger verify` found the ledger unsound. */
  unsound: 5,
  /** `ledger import` brought in what it could; some lines were refused. */
  partly: 6,
} as const

/** An end that is the user's to mend: one sentence, no stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}
