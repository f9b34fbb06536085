import type { KeyObject } from 'node:crypto'
import { err, isJsonObject, type JsonObject, ok, parseJsonStrict, type Result } from '@huitong/kernel'
import { decryptContent } from './aes-content.ts'
import { type AlipayRefusal, alipayGatewayRefusal } from './alipay-refusal.ts'
import type { AlipayV2Parameters } from './alipay-v2-parameters.ts'

/**
 * The business content of a v2 request, decrypted if it says so. Amounts stay as they were written, text or number token.
 * No content at all is an empty object: several methods take their fields as plain parameters.
 */
export function alipayV2Content(
  parameters: AlipayV2Parameters,
  contentKey?: KeyObject,
): Result<JsonObject, AlipayRefusal> {
  const content = parameters.get('biz_content') ?? ''
  const encryptType = parameters.get('encrypt_type') ?? ''
  if (content === '') return ok({})
  if (encryptType === '') return alipayJsonContent(content)
  if (encryptType !== 'AES') return err(alipayGatewayRefusal('isv.invalid-encrypt-type'))
  return alipayEncryptedContent(content, contentKey)
}

/** Content under AES (v2 with `encrypt_type=AES`, v3 with the header of that name). */
export function alipayEncryptedContent(
  ciphertext: string,
  contentKey: KeyObject | undefined,
): Result<JsonObject, AlipayRefusal> {
  if (contentKey === undefined) return err(alipayGatewayRefusal('isv.decryption-error-not-valid-encrypt-key'))
  const plain = decryptContent(ciphertext, contentKey)
  if (!plain.ok) return err(alipayGatewayRefusal('isv.decryption-error-unknown'))
  return alipayJsonContent(plain.value)
}

/** Content as it stands in the clear: a JSON object in which no key occurs twice. */
export function alipayJsonContent(text: string): Result<JsonObject, AlipayRefusal> {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok) {
    const why = { not_json: 'is not JSON', duplicate_key: 'has a key twice', too_deep: 'is nested too deeply' } as const
    return err(alipayGatewayRefusal('isv.illegal-json', `The content ${why[parsed.error.code]}`))
  }
  if (!isJsonObject(parsed.value)) return err(alipayGatewayRefusal('isv.illegal-json'))
  return ok(parsed.value)
}
