import { type CurrencyCode, err, ok, type Result } from '@huitong/kernel'
import { accountBySubject } from './account-by-subject.ts'
import type { Books } from './books.ts'
import type { EntryLine } from './journal-entry.ts'
import { type PostedEntry, postEntry, protectedLine } from './journal-entry-post.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { Template, TemplateLine } from './template.ts'
import { TemplateAmounts } from './template-amount.ts'
import { type Arguments, type BoundArguments, bindArguments } from './template-arguments.ts'

export interface TemplatePosting {
  readonly name: string
  /** The version that the caller means; null takes the newest. Only the newest can be posted. */
  readonly version: number | null
  readonly arguments: Arguments
  readonly reference: number | null
  /** Postings by staff must leave customers' and merchants' accounts alone. */
  readonly raw: boolean
}

export interface PostedTemplate extends PostedEntry {
  readonly lines: readonly EntryLine[]
}

/** Announces what a posting by template will read, as far as memory knows the template. */
export function needTemplate(
  books: Books,
  { name, arguments: given }: Pick<TemplatePosting, 'name' | 'arguments'>,
): void {
  books.templates.need(name)
  const template = books.templates.peek(name)?.template
  const bound = template === undefined ? undefined : bindArguments(template, given)
  if (template === undefined || bound?.ok !== true) return
  for (const { account } of template.lines) {
    if (account.type === 'parameter') books.needAccount(bound.value.account(account.name))
    else books.needAccountsOf(account.subject, account.type === 'own' ? null : ownerOf(account.owner, bound.value))
  }
}

/** Posts by template inside a command. Accounts are found and amounts worked out in the order of the lines; the first refusal is told. */
export function postTemplate(books: Books, posting: TemplatePosting): Result<PostedTemplate, LedgerRefusal> {
  const { name, version, raw, reference } = posting
  const published = books.templates.get(name)
  if (published === undefined) return err({ code: 'template_unknown', facts: { name } })
  if (version !== null && version !== published.version) {
    return err({ code: 'template_version_replaced', facts: { name, newest: String(published.version) } })
  }
  const { template } = published
  const bound = bindArguments(template, posting.arguments)
  if (!bound.ok) return err({ code: 'template_argument_wrong', facts: { ...bound.error } })
  const lines = linesOf(books, template, bound.value)
  if (!lines.ok) return lines
  const refused = raw ? protectedLine(books, lines.value) : undefined
  if (refused !== undefined) return err(refused)
  if (lines.value.length === 0) return err({ code: 'template_moves_nothing', facts: { name } })
  const facts = { template: { name, version: String(published.version), arguments: bound.value.texts } }
  const effectiveOn = template.effectiveOn === null ? null : bound.value.text(template.effectiveOn)
  const posted = postEntry(books, { lines: lines.value, code: template.code, reference, effectiveOn, facts })
  return posted.ok ? ok({ ...posted.value, lines: lines.value }) : posted
}

function linesOf(books: Books, template: Template, bound: BoundArguments): Result<readonly EntryLine[], LedgerRefusal> {
  const amounts = new TemplateAmounts(template, bound)
  const lines: EntryLine[] = []
  for (const [index, line] of template.lines.entries()) {
    const currency = bound.currency(line.currency)
    const account = accountOf(books, template, line, currency, bound)
    if (!account.ok) return err({ ...account.error, facts: { ...account.error.facts, line: String(index) } })
    const amountMinor =
      line.amount === 'remainder' ? remainderMinor(template, line, amounts, bound) : amounts.minor(line.amount)
    // A fee that rounds to nothing is no line.
    if (amountMinor !== 0n) lines.push({ side: line.side, account: account.value, amountMinor, currency })
  }
  return ok(lines)
}

/** What the other lines of its currency leave for it. */
function remainderMinor(
  template: Template,
  { side, currency }: TemplateLine,
  amounts: TemplateAmounts,
  bound: BoundArguments,
): bigint {
  let rest = 0n
  for (const other of template.lines) {
    if (other.amount === 'remainder' || bound.currency(other.currency) !== bound.currency(currency)) continue
    const minor = amounts.minor(other.amount)
    rest += other.side === side ? -minor : minor
  }
  return rest
}

function accountOf(
  books: Books,
  template: Template,
  { account }: TemplateLine,
  currency: CurrencyCode,
  bound: BoundArguments,
): Result<number, LedgerRefusal> {
  if (account.type === 'parameter') {
    const id = bound.account(account.name)
    const subjects = template.parameters.get(account.name)?.subjects ?? null
    const subject = books.account(id)?.subject
    if (subjects === null || subject === undefined || subjects.includes(subject)) return ok(id)
    return err({ code: 'template_argument_wrong', facts: { parameter: account.name, rule: 'subject' } })
  }
  const owner = account.type === 'own' ? null : ownerOf(account.owner, bound)
  const found = accountBySubject(books, account.subject, owner, currency)
  return found.ok ? ok(found.value.id) : found
}

function ownerOf(
  term: { readonly type: 'literal'; readonly text: string } | { readonly type: 'parameter'; readonly name: string },
  bound: BoundArguments,
): string {
  return term.type === 'literal' ? term.text : bound.text(term.name)
}
