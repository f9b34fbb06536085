/**
 * The lines that differ between the schema as a file says it and as migrations make it, in their order: `-` stands only in the
 * file, `+` only in the database. Empty when both are the same. A dump names every object on lines of its own, so comparing
 * lines, each as often as it occurs, says enough.
 */
export function schemaDifference(file: string, database: string): readonly string[] {
  if (file === database) return []
  const removed = linesMissing(file, database).map((line) => `- ${line}`)
  const added = linesMissing(database, file).map((line) => `+ ${line}`)
  return removed.length + added.length > 0 ? [...removed, ...added] : ['  the same lines in another order']
}

function linesMissing(from: string, into: string): readonly string[] {
  const left = new Map<string, number>()
  for (const line of into.split('\n')) left.set(line, (left.get(line) ?? 0) + 1)
  return from.split('\n').filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}
