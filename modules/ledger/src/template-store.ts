import type { LogDefinition, TableDefinition } from '@huitong/committer'
import { invariant, parseJsonStrict } from '@huitong/kernel'
import { int4Array, int8Array, type ReadTx, textArray } from '@huitong/pg'
import type { Template } from './template.ts'
import { parseTemplate } from './template-parse.ts'

/** A published version of a template. It never changes; a later version takes its place. */
export interface PublishedTemplate {
  readonly name: string
  readonly version: number
  /** Canonical JSON. */
  readonly definition: string
  readonly template: Template
}

interface TemplateRow {
  readonly name: string
  readonly version: number
  readonly definition: string
}

export function publishedOf({ name, version, definition }: TemplateRow): PublishedTemplate {
  const json = parseJsonStrict(definition)
  const template = json.ok ? parseTemplate(json.value) : json
  invariant(template.ok, `version ${version} of the template ${name} cannot be read`)
  return { name, version, definition, template: template.value }
}

/** The newest version of each template, by name. */
export const templateTable: TableDefinition<string, PublishedTemplate> = {
  name: 'ledger_templates, newest',
  residentRows: 2000,
  load: async (sql, names) => {
    const rows = await sql<TemplateRow[]>`
      select distinct on (name) name, version, definition from ledger_templates
      where name = any (${textArray(names)}::text::text[]) order by name, version desc`
    return rows.map((row) => [row.name, publishedOf(row)])
  },
  // Versions are only ever added, by the log.
  write: () => [],
}

export const templateLog: LogDefinition<PublishedTemplate> = {
  name: 'ledger_templates',
  append: (sql, added, batch) => [
    sql`
    insert into ledger_templates (name, version, definition, batch)
    select * from unnest(
      ${textArray(added.map((one) => one.name))}::text::text[],
      ${int4Array(added.map((one) => one.version))}::text::int4[],
      ${textArray(added.map((one) => one.definition))}::text::text[],
      ${int8Array(added.map(() => batch.number))}::text::int8[])`,
  ],
}

/** The newest version of each template whose name comes after this one, by name; up to limit + 1 of them. */
export async function listTemplates(tx: ReadTx, after: string, limit: number): Promise<readonly PublishedTemplate[]> {
  const rows = await tx.sql<TemplateRow[]>`
    select distinct on (name) name, version, definition from ledger_templates
    where name > ${after} order by name, version desc limit ${limit + 1}`
  return rows.map(publishedOf)
}

/** A version of a template, the newest unless told. */
export async function findTemplate(
  tx: ReadTx,
  name: string,
  version: number | null,
): Promise<PublishedTemplate | undefined> {
  const rows = await tx.sql<TemplateRow[]>`
    select name, version, definition from ledger_templates
    where name = ${name} and (${version}::int4 is null or version = ${version}) order by version desc limit 1`
  return rows.map(publishedOf)[0]
}
