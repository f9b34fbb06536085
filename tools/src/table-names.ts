/** Names of tables in a schema's text that do not start with their module's, which would let two modules want the same one. */
export function tablesOutside(schema: string, module: string): readonly string[] {
  const names = [...schema.matchAll(/^create table (?:if not exists )?"?(\w+)/gm)].map((match) => match[1] ?? '')
  return names.filter((name) => !name.startsWith(`${module}_`) && name !== 'schema_migrations')
}
