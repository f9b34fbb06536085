import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText } from './csv-text.ts'

/** RFC 4180 as it is written, for what we write: no other reader is at hand. */
function parsed(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length; ) {
    let cell = ''
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (text[at] === '"') at += 1
        cell += text[at]
      }
      at += 1
    } else while (text[at] !== ',' && text[at] !== '\r') cell += text[at++]
    row.push(cell)
    if (text[at] === ',') at += 1
    else {
      rows.push(row)
      row = []
      at += 2
    }
  }
  return rows
}

describe('CSV', () => {
  it.each([
    [['a', 'b'], 'a,b\r\n'],
    [['', ''], ',\r\n'],
    [['a,b', 'say "hi"', 'two\r\nlines'], '"a,b","say ""hi""","two\r\nlines"\r\n'],
    [['-5.00', '0', '-12'], '-5.00,0,-12\r\n'],
    [['=1+1', '+1', '-1-1', '@sum', '\tx', '-'], "'=1+1,'+1,'-1-1,'@sum,'\tx,'-\r\n"],
    [['=A1,"x"'], '"\'=A1,""x"""\r\n'],
    [['\r=1'], '"\'\r=1"\r\n'],
  ])('of %j is %j', (row, text) => {
    expect(csvText([row])).toBe(text)
  })

  it('is read back as it was, but for the mark before what looks like a formula', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', '1', '.', '汉', ' ') })
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const back = parsed(csvText(rows))
        expect(back.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, '')))).toEqual(rows)
        for (const cell of back.flat()) expect(cell).not.toMatch(/^[=+@\t\r\n]/)
      }),
    )
  })
})
