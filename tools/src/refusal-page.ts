/** One refusal as callers of the API see it. */
export type RefusalRow = {
  readonly code: string
  readonly text: string
  /** Status of the native API's answer, where the list says it. */
  readonly status?: number
  /** Whether the same request can be granted later under a new key, where the list says it. */
  readonly retry?: boolean
}

/** A closed list of refusals as a page: the rows stand in order of precedence, as in the code. */
export function refusalPage(title: string, introduction: string, rows: readonly RefusalRow[]): string {
  return codePage(title, `${introduction}\n\nOf several reasons the first of this list is told.`, rows)
}

/** Several closed lists on one page, each with a heading. */
export function refusalPages(
  title: string,
  introduction: string,
  lists: readonly { readonly heading: string; readonly rows: readonly RefusalRow[] }[],
): string {
  const parts = lists.map(({ heading, rows }) => `## ${heading}\n\n${refusalTable(rows)}\n`)
  return `${head(title)}\n${introduction}\n\nOf several reasons the first of its list is told.\n\n${parts.join('\n')}`
}

/** A closed list of codes as a page, in the order of the code. */
export function codePage(title: string, introduction: string, rows: readonly RefusalRow[]): string {
  return `${head(title)}\n${introduction}\n\n${refusalTable(rows)}\n`
}

function head(title: string): string {
  return `# ${title}\n\n<!-- Written by tools/src/references.ts from the code; do not edit. -->\n`
}

function refusalTable(rows: readonly RefusalRow[]): string {
  const withMeaning = rows.some((row) => row.status !== undefined)
  const header = withMeaning ? ['', 'code', 'meaning', 'status', 'worth another try'] : ['', 'code', 'meaning']
  const lines = rows.map((row, index) => {
    const meaning = withMeaning ? [String(row.status ?? ''), row.retry === true ? 'later, under a new key' : 'no'] : []
    return [String(index + 1), `\`${row.code}\``, row.text, ...meaning]
  })
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
