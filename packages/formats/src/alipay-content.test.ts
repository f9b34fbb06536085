import { JsonNumber } from '@huitong/kernel'
import { describe, expect, test } from 'vitest'
import { encryptContent, importAesKey } from './aes-content.ts'
import { alipayV2Content } from './alipay-content.ts'

function key(fill: number) {
  const imported = importAesKey(Buffer.alloc(16, fill).toString('base64'))
  if (!imported.ok) throw new Error('the key was refused')
  return imported.value
}

function content(biz_content: string, encrypt_type = '', contentKey = key(1)) {
  return alipayV2Content(new Map(Object.entries({ biz_content, encrypt_type })), contentKey)
}

describe('business content', () => {
  test('keeps amounts as they were written', () => {
    const read = content('{"total_amount":0.10,"subject":"茶"}')
    expect(read).toEqual({ ok: true, value: { total_amount: new JsonNumber('0.10'), subject: '茶' } })
  })

  test('may be absent', () => {
    expect(alipayV2Content(new Map())).toEqual({ ok: true, value: {} })
  })

  test('is decrypted when it says so', () => {
    expect(content(encryptContent('{"a":"茶"}', key(1)), 'AES')).toEqual({ ok: true, value: { a: '茶' } })
  })

  test.each([
    ['not json', '', '40002', 'isv.illegal-json'],
    ['[]', '', '40002', 'isv.illegal-json'],
    ['"x"', '', '40002', 'isv.illegal-json'],
    ['1', '', '40002', 'isv.illegal-json'],
    ['null', '', '40002', 'isv.illegal-json'],
    ['{"total_amount":"1","total_amount":"9"}', '', '40002', 'isv.illegal-json'],
    [`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, '', '40002', 'isv.illegal-json'],
    ['{}', 'DES', '40002', 'isv.invalid-encrypt-type'],
    ['{}', 'AES', '40003', 'isv.decryption-error-unknown'],
    [encryptContent('{}', key(2)), 'AES', '40003', 'isv.decryption-error-unknown'],
    [encryptContent('[]', key(1)), 'AES', '40002', 'isv.illegal-json'],
  ])('%s with encrypt_type %j is refused: %s %s', (text, encryptType, code, sub_code) => {
    expect(content(text, encryptType)).toMatchObject({ ok: false, error: { code, sub_code } })
  })

  test('that is encrypted for an application without a key is refused', () => {
    const parameters = new Map(Object.entries({ biz_content: 'AAAA', encrypt_type: 'AES' }))
    expect(alipayV2Content(parameters)).toMatchObject({
      ok: false,
      error: { sub_code: 'isv.decryption-error-not-valid-encrypt-key' },
    })
  })
})
