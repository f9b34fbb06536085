import { err, isStorable, ok, type Result } from '@huitong/kernel'
import { type AlipayRefusal, alipayGatewayRefusal } from './alipay-refusal.ts'
import { alipaySigningText } from './alipay-signing-text.ts'
import { decodeForm } from './form.ts'

/** The decoded parameters of one v2 request, by name. */
export type AlipayV2Parameters = ReadonlyMap<string, string>

/**
 * Merges the parameters of the query (raw, without `?`, as it came off the wire) and of the form body. Clients divide them
 * differently: Node puts the public ones in the query, Java and .NET nearly all in the body, and some repeat `charset` in
 * both. So the same name twice is fine when the values are equal; when not, nobody could say which one was signed.
 */
export function alipayV2Parameters(query: string, body: Uint8Array): Result<AlipayV2Parameters, AlipayRefusal> {
  const parameters = new Map<string, string>()
  // Node's HTTP parser hands the bytes of the request line over as Latin-1.
  for (const part of [Buffer.from(query, 'latin1'), body]) {
    const pairs = decodeForm(part)
    if (!pairs.ok) return err(alipayGatewayRefusal('isv.invalid-charset', 'The parameters are not form-encoded UTF-8'))
    for (const [name, value] of pairs.value) {
      const known = parameters.get(name)
      if (known !== undefined && known !== value) {
        return err(alipayGatewayRefusal('isv.invalid-parameter', `${safeName(name)} is given twice with two values`))
      }
      if (!isStorable(name) || !isStorable(value)) {
        return err(alipayGatewayRefusal('isv.invalid-parameter', `${safeName(name)} contains U+0000`))
      }
      parameters.set(name, value)
    }
  }
  return ok(parameters)
}

/**
 * The texts that the signature may stand under, likeliest first: Node signs empty values too, the documentation and the
 * Java and .NET clients leave them out.
 */
export function alipayV2SigningTexts(parameters: AlipayV2Parameters): readonly string[] {
  const withEmpty = alipaySigningText(parameters, ['sign'], true)
  const withoutEmpty = alipaySigningText(parameters, ['sign'], false)
  return withEmpty === withoutEmpty ? [withEmpty] : [withEmpty, withoutEmpty]
}

// A name from outside goes back into an answer only if it is harmless.
function safeName(name: string): string {
  return /^\w{1,64}$/.test(name) ? name : 'A parameter'
}
