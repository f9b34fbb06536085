import type { DraftPosting } from './plain-text-balance.ts'
import { PlainJournalBuilder } from './plain-text-builder.ts'
import type { PlainJournal } from './plain-text-journal.ts'
import { commodity, minorUnits, PlainFault, plainDate } from './plain-text-parts.ts'

/** Directives that say nothing of money; they are read over. */
const WITHOUT_MONEY = new Set(['note', 'document', 'event', 'query', 'custom', 'price', 'commodity'])

/**
 * Reads the part of beancount's language (https://beancount.github.io/docs/beancount_language_syntax.html) that has a meaning in a
 * ledger of currencies: `open`, `close`, transactions with one amount left out, comments, metadata, tags and links (read over), `balance`.
 * Costs, prices, `pad`, `include` and plugins are refused by their lines.
 */
export function readBeancount(text: string): PlainJournal {
  const builder = new PlainJournalBuilder()
  const lines = text.split('\n').map((raw, index) => ({ line: index + 1, text: raw.replace(/\r$/, '') }))
  for (let at = 0; at < lines.length; at += 1) {
    const { line = 0, text: head = '' } = lines[at] ?? {}
    // What does not start with a letter, a digit or a space is a comment or a heading, by the language's own rule.
    if (head.trim() === '' || !/^[A-Za-z0-9]/.test(head)) continue
    const start = at
    while (/^\s+\S/.test(lines[at + 1]?.text ?? '')) at += 1
    const body = lines.slice(start + 1, at + 1)
    builder.guard(line, () => {
      const [, date = '', word = '', rest = ''] = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2})\s+(\S+)\s*(.*)$/.exec(head) ?? []
      if (date === '') readUndated(head)
      else if (/^(?:txn|[*!])$/.test(word))
        builder.transaction(line, plainDate(date), narrationOf(rest), postingsOf(body))
      else if (word === 'open') builder.declare(stripComment(rest).split(/\s+/)[0] ?? '')
      else if (word === 'balance') readBalance(builder, line, plainDate(date), stripComment(rest))
      else if (word !== 'close' && !WITHOUT_MONEY.has(word)) {
        throw new PlainFault('not_supported', `${word} is outside of what can be brought in.`)
      }
    })
  }
  return builder.finish()
}

function readUndated(head: string): void {
  const [word = ''] = head.split(/\s+/)
  if (word === 'option' || word === 'pushtag' || word === 'poptag') return
  throw new PlainFault('not_supported', `${word} is outside of what can be brought in.`)
}

function stripComment(text: string): string {
  const at = text.indexOf(';')
  return (at === -1 ? text : text.slice(0, at)).trim()
}

/** `"Payee" "Narration" #tag ^link`: the texts. */
function narrationOf(rest: string): string {
  return [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '').join(' | ')
}

function postingsOf(body: readonly { readonly line: number; readonly text: string }[]): readonly DraftPosting[] {
  const postings: DraftPosting[] = []
  for (const { line, text } of body) {
    const plain = stripComment(text)
    // Metadata: a key in lower case and a colon. Tags and links may stand on lines of their own.
    if (plain === '' || /^[a-z][A-Za-z0-9_-]*:/.test(plain) || /^[#^]/.test(plain)) continue
    const [, account = '', rest = ''] = /^(?:[*!]\s+)?(\S+)\s*(.*)$/.exec(plain) ?? []
    if (/[@{]/.test(rest)) throw new PlainFault('not_supported', `Line ${line}: costs and prices cannot be brought in.`)
    postings.push({ line, account, amount: rest === '' ? null : amountOf(rest) })
  }
  return postings
}

function amountOf(text: string) {
  const [, number, name] = /^([-+]?\s*[\d,]*\.?\d*)\s+([A-Z][A-Z0-9'._-]*)$/.exec(text) ?? []
  if (number === undefined || name === undefined)
    throw new PlainFault('malformed', `${text} is not a number and a currency.`)
  const currency = commodity(name)
  return { minor: minorUnits(number.replace(/\s+/g, ''), currency), currency }
}

function readBalance(builder: PlainJournalBuilder, line: number, date: string, rest: string): void {
  const [, account = '', amount = ''] = /^(\S+)\s+(.*)$/.exec(rest) ?? []
  if (amount.includes('~')) throw new PlainFault('not_supported', 'A balance with a tolerance cannot be checked.')
  const { minor, currency } = amountOf(amount)
  builder.assertAt(line, date, account, minor, currency)
}
