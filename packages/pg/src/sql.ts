import type postgres from 'postgres'

/**
 * One value of a statement. Arrays are missing on purpose: the driver writes some of them wrong without a word; pass
 * `${int8Array(xs)}::text::int8[]` instead. A `number` for a timestamptz is microseconds since 1970; text for json and jsonb is
 * JSON text; `Uint8Array` is bytea.
 */
export type SqlParameter = string | number | bigint | boolean | Uint8Array | null

/** A value, or a piece of a statement built with the same tag. */
export type SqlArgument = SqlParameter | postgres.Fragment

/** A statement that runs when awaited or executed; its result is an array of rows with `count`. */
export type Statement<Rows extends readonly (object | undefined)[]> = postgres.PendingQuery<Rows>

/** The tag that sends statements to PostgreSQL, prepared, values apart from the text. */
export interface Sql {
  <Rows extends readonly (object | undefined)[] = Record<string, unknown>[]>(
    template: TemplateStringsArray,
    ...parameters: readonly SqlArgument[]
  ): Statement<Rows>
  /** One statement whose text is made by us, for names that cannot be values. Never put a user's text into it. */
  unsafe<Rows extends Record<string, unknown>[] = Record<string, unknown>[]>(
    text: string,
    parameters?: (string | number | boolean | null)[],
  ): Statement<Rows>
}

/** A name quoted for `unsafe`. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text constant quoted for `unsafe`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
