/**
 * Rows as CSV by RFC 4180: comma, CRLF, quotes doubled inside quotes.
 *
 * A cell that spreadsheets would take for a formula (it begins with =, +, -, @, a tab or a line end) gets a quotation mark before it, as
 * OWASP advises; plain numbers, which may begin with a minus, stay numbers.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
