import { existsSync, globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { lineAt, report, type Violation } from './violation.ts'

/**
 * Links of the documentation that lead nowhere: relative ones, since pages move and files are renamed. Addresses outside of
 * the repository are not asked, so the check gives the same answer everywhere. `exists` tells whether a path, relative to
 * the root, is there.
 */
export function checkLinks(path: string, text: string, exists: (path: string) => boolean): readonly Violation[] {
  // Code is blanked out, not cut out, so that places in the text stay what they were.
  const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, ' '))
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
    const target = match[1]?.split('#')[0] ?? ''
    if (target === '' || /^[a-z]+:/.test(target)) return []
    if (exists(posix.normalize(posix.join(posix.dirname(path), target)))) return []
    return [{ rule: 'link', file: path, line: lineAt(text, match.index), message: `${target} is not there` }]
  })
}

if (import.meta.main) {
  const pages = globSync(['*.md', '{docs,packages,modules,apps,bench,tools}/**/*.md'], {
    exclude: (path) => path.includes('node_modules'),
  })
  if (pages.length === 0) throw new Error('no pages were found: is this the root of the repository?')
  const violations = pages.sort().flatMap((page) => checkLinks(page, readFileSync(page, 'utf8'), existsSync))
  process.exitCode = report('links', violations, pages.length)
}
