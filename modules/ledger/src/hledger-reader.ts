import type { DraftPosting } from './plain-text-balance.ts'
import { PlainJournalBuilder, type RawLine } from './plain-text-builder.ts'
import type { PlainJournal } from './plain-text-journal.ts'
import { commodity, minorUnits, PlainFault, plainDate } from './plain-text-parts.ts'

/**
 * Reads the part of hledger's journal format (https://hledger.org/hledger.html#journal) that has a meaning in a ledger of currencies:
 * transactions with real postings, one amount left out, comments, `account` and `commodity` directives, balance assertions (`=`, `==`).
 * Everything else is refused by its line with the reason, never guessed.
 */
export function readHledger(text: string): PlainJournal {
  const builder = new PlainJournalBuilder()
  let defaultCommodity: string | undefined
  let inComment = false
  for (const block of blocksOf(text)) {
    const [first] = block
    if (first === undefined) continue
    builder.guard(first.line, () => {
      const head = first.text
      if (inComment || /^comment\b/.test(head)) {
        inComment = !block.some(({ text: one }) => /^end comment\b/.test(one))
        return
      }
      if (/^[;#*]/.test(head)) return
      if (/^\d/.test(head)) {
        readTransaction(builder, block, defaultCommodity)
        return
      }
      const [word = '', ...rest] = stripComment(head).split(/\s+/)
      if (word === 'account') builder.declare(rest.join(' '))
      else if (word === 'D') defaultCommodity = commodityOfSample(rest.join(' '))
      else if (word === 'commodity' || word === 'payee' || word === 'tag' || word === 'decimal-mark') return
      else throw new PlainFault('not_supported', `${word} is outside of what can be brought in.`)
    })
  }
  return builder.finish()
}

/** A line that starts a thing, and the indented lines below it. */
function blocksOf(text: string): readonly (readonly RawLine[])[] {
  const blocks: RawLine[][] = []
  let open = false
  for (const [index, raw] of text.split('\n').entries()) {
    const line = { line: index + 1, text: raw.replace(/\r$/, '') }
    if (line.text.trim() === '') open = false
    else if (/^\s/.test(line.text) && open) blocks.at(-1)?.push(line)
    else {
      blocks.push([line])
      open = true
    }
  }
  return blocks
}

/** In a description a semicolon starts a comment. */
function stripComment(text: string): string {
  const at = text.indexOf(';')
  return (at === -1 ? text : text.slice(0, at)).trim()
}

function readTransaction(
  builder: PlainJournalBuilder,
  [first, ...rest]: readonly RawLine[],
  defaultCommodity: string | undefined,
): void {
  if (first === undefined) return
  const match = /^(\d[\d/.-]*)(=[\d/.-]+)?\s*([*!])?\s*(\([^)]*\))?\s*(.*)$/.exec(stripComment(first.text))
  const [, date = '', second] = match ?? []
  if (second !== undefined) throw new PlainFault('not_supported', 'A second date is outside of what can be brought in.')
  const postings: DraftPosting[] = []
  const assertions: { readonly posting: DraftPosting; readonly text: string }[] = []
  for (const { line, text } of rest) {
    const posting = text.trim()
    if (posting.startsWith(';')) continue
    const read = readPosting(line, posting, defaultCommodity)
    postings.push(read.posting)
    if (read.assertion !== undefined) assertions.push({ posting: read.posting, text: read.assertion })
  }
  builder.transaction(first.line, plainDate(date), match?.[5] ?? '', postings)
  for (const { posting, text } of assertions) {
    const [, operator = '', sample = ''] = /^(==?\*?)\s*(.*)$/.exec(text) ?? []
    const { minor, currency } = amountOf(sample, defaultCommodity)
    if (operator.startsWith('=='))
      throw new PlainFault('not_supported', 'Only assertions of one commodity (=) can be checked.')
    builder.assertAfter(posting.line, posting.account, minor, currency, operator.endsWith('*'))
  }
}

function readPosting(
  line: number,
  text: string,
  defaultCommodity: string | undefined,
): { readonly posting: DraftPosting; readonly assertion?: string } {
  const [, account = '', rest = ''] = /^(?:[*!]\s+)?(.+?)(?:(?: {2,}|\t\s*)(.*))?$/.exec(text) ?? []
  if (/^[([]/.test(account))
    throw new PlainFault('not_supported', `Line ${line}: virtual postings move nothing and cannot be brought in.`)
  const amountText = stripComment(rest)
  if (/[@{]/.test(amountText))
    throw new PlainFault('not_supported', `Line ${line}: costs and lots cannot be brought in.`)
  const assertionAt = amountText.indexOf('=')
  const sample = (assertionAt === -1 ? amountText : amountText.slice(0, assertionAt)).trim()
  const amount = sample === '' ? null : amountOf(sample, defaultCommodity)
  const posting = { line, account: account.trim(), amount }
  return assertionAt === -1 ? { posting } : { posting, assertion: amountText.slice(assertionAt) }
}

const NUMBER = /[-+]?\s*(?:\d[\d,]*(?:\.\d*)?|\.\d+)/
/** `CNY 1,234.50`, `1234.50 CNY`, `$-5`, `-$5`, `5` with a default commodity. */
function amountOf(text: string, defaultCommodity: string | undefined) {
  const number = NUMBER.exec(text)
  if (number === null) throw new PlainFault('malformed', `${text} is not an amount.`)
  const before = text.slice(0, number.index).trim()
  const after = text.slice(number.index + number[0].length).trim()
  const sign = /^[-+]/.exec(before)?.[0] ?? ''
  const left = before.slice(sign.length).trim()
  if (left !== '' && after !== '') throw new PlainFault('malformed', `${text} has two commodities.`)
  const name = left || after || defaultCommodity
  if (name === undefined) throw new PlainFault('not_supported', `${text} has no commodity, and no default is set by D.`)
  const currency = commodity(name)
  const minor = minorUnits(number[0].replace(/\s+/g, ''), currency)
  return { minor: sign === '-' ? -minor : minor, currency }
}

function commodityOfSample(text: string): string {
  return text.replace(NUMBER, '').trim()
}
