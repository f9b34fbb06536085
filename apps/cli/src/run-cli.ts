import { ArchivedEntries, ArchiveMissing, SignedHeadUnreadable } from '@huitong/ledger'
import { BackupError, ServerStartError } from '@huitong/pg'
import { type Command, CommanderError } from 'commander'
import { CliError, EXIT } from './cli-error.ts'
import { createProgram } from './program.ts'

/** Runs one command line. Returns its exit code; what goes wrong is told in a sentence. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = createProgram((code) => {
    exitCode = code
  })
  for (const command of withSubcommands(program)) command.exitOverride()
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function explain(error: unknown): number {
  // It has said so itself. Showing help or the version is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage
  if (error instanceof CliError) return tell(error.message, error.exitCode)
  if (error instanceof ServerStartError) return tell(error.message, EXIT.unreachable)
  if (error instanceof ArchiveMissing) return tell(error.message, EXIT.usage)
  if (error instanceof ArchivedEntries) return tell(error.message, EXIT.refused)
  if (error instanceof SignedHeadUnreadable) return tell(error.message, EXIT.refused)
  if (error instanceof BackupError) return tell(error.message, EXIT.refused)
  return tell(error instanceof Error ? (error.stack ?? error.message) : String(error), EXIT.failed)
}

function tell(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`)
  return exitCode
}
