import { type Expression, parseSync, type TemplateLiteral, Visitor } from 'oxc-parser'
import { isTest, type Repository, readRepository, type SourceFile } from './repository.ts'
import { lineAt, report, type Violation } from './violation.ts'

/**
 * SQL stands in `*-store.ts` files, in the packages whose business it is, in benchmarks and in tests; nowhere else.
 *
 * And no bare array is handed to a statement: the PostgreSQL client serialises elements by the column's type and
 * silently writes wrong values for booleans, JSON and bytes. Arrays go as one text literal, made by `@huitong/pg`.
 */
export function checkSqlPlaces(repository: Repository): readonly Violation[] {
  return repository.files.filter((file) => !file.path.startsWith('tools/')).flatMap(checkFile)
}

const sqlFolders = ['packages/pg/', 'packages/jobs/', 'packages/committer/', 'packages/testing/', 'bench/', 'sim/']

function maySpeakSql(path: string): boolean {
  return path.endsWith('-store.ts') || isTest(path) || sqlFolders.some((folder) => path.startsWith(folder))
}

/** The verbs with which a statement or a fragment starts. Our SQL is lower case, so prose rarely looks like it. */
const startsLikeSql =
  /^\s*(select|insert\s+into|update\s+\w+|delete\s+from|with\s+\w+|create\s+(table|schema|index|unique)|alter\s|drop\s|truncate\s|begin|commit|rollback|lock\s|set\s+local)\b/i

/** Names by which the client and its transactions go. */
const sqlTags = new Set(['sql', 'tx', 'transaction', 'connection'])

function checkFile(file: SourceFile): readonly Violation[] {
  const violations: Violation[] = []
  const add = (rule: string, start: number, message: string) => {
    violations.push({ rule, file: file.path, line: lineAt(file.text, start), message })
  }
  new Visitor({
    TaggedTemplateExpression: (node) => {
      const [firstQuasi] = node.quasi.quasis
      const isSql = sqlTags.has(tagName(node.tag)) || startsLikeSql.test(firstQuasi?.value.raw ?? '')
      if (!isSql) return
      if (!maySpeakSql(file.path)) add('sql-place', node.start, 'SQL stands only in *-store.ts')
      for (const start of bareArrays(node.quasi)) add('bare-array', start, 'hand arrays over as text, by @huitong/pg')
    },
    CallExpression: (node) => {
      if (node.callee.type !== 'MemberExpression' || node.callee.property.type !== 'Identifier') return
      const method = node.callee.property.name
      if (method === 'unsafe' && !maySpeakSql(file.path)) add('sql-place', node.start, 'SQL stands only in *-store.ts')
      if (method === 'array' && sqlTags.has(tagName(node.callee.object))) {
        add('bare-array', node.start, 'hand arrays over as text, by @huitong/pg')
      }
    },
  }).visit(parseSync(file.path, file.text).program)
  return violations
}

/** The last name of `sql`, `this.sql` or `session.tx`; empty for other shapes. */
function tagName(tag: Expression): string {
  if (tag.type === 'Identifier') return tag.name
  if (tag.type === 'MemberExpression' && tag.property.type === 'Identifier') return tag.property.name
  return ''
}

/** Holes of a statement that hold an array: written as one, or cast to an array type without passing through text. */
function bareArrays(template: TemplateLiteral): readonly number[] {
  return template.expressions.flatMap((expression, index) => {
    const after = template.quasis[index + 1]?.value.raw ?? ''
    const castToArray = /^::\s*(?!text::)\w+(\s+\w+)*\[\]/.test(after)
    return expression.type === 'ArrayExpression' || castToArray ? [expression.start] : []
  })
}

if (import.meta.main) {
  const repository = readRepository(process.cwd())
  process.exitCode = report('sql-places', checkSqlPlaces(repository), repository.files.length)
}
