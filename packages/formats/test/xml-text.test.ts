import { expect, it } from 'vitest'
import { xml, xmlText } from '../src/index.ts'

it('writes elements, attributes and text so that any parser reads the same', () => {
  const text = xmlText(xml('a', [xml('b', 'x < y & "z"\n'), undefined, xml('c', [])], { 'xml:lang': "it's" }))
  expect(text).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<a xml:lang="it&#39;s"><b>x &#60; y &#38; &#34;z&#34;&#10;</b><c></c></a>\n',
  )
})

it.each(['\u0000', '\u0001', '\ufffe', '\ud800'])('cannot carry %j', (char) => {
  expect(() => xmlText(xml('a', `a${char}b`))).toThrow('XML')
})

it('knows no name that XML does not', () => {
  expect(() => xmlText(xml('1a', ''))).toThrow('not a name')
})
