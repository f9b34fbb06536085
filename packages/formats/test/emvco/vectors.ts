import { readFileSync } from 'node:fs'

/** The rows of a comma-separated file as objects; quoted cells may hold commas and doubled quotes. */
export function vectors(file: string): readonly Readonly<Record<string, string>>[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end = ''] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',' && end !== '') rows.push([])
  }
  const [head = [], ...body] = rows.filter((row) => row.length > 1)
  return body.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])))
}
