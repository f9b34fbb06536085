/** One broken rule at one place. `file` is relative to the repository's root, `line` counts from 1. */
export type Violation = {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly message: string
}

/** The one-line form that editors and terminals turn into a link. */
export function violationText(violation: Violation): string {
  return `${violation.file}:${violation.line}  ${violation.rule}: ${violation.message}`
}

/** The line, counted from 1, on which the character at `offset` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/**
 * Ends a check: prints what it found and what it looked at, and returns the exit code. The count of files is printed
 * because a check that has silently stopped seeing files says "no violations" for ever.
 */
export function report(check: string, violations: readonly Violation[], filesSeen: number): number {
  for (const violation of violations) console.error(violationText(violation))
  console.log(`${check}: ${violations.length} violations in ${filesSeen} files`)
  return violations.length === 0 ? 0 : 1
}
