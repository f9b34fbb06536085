import { EMV_CONSUMER_START, readEmvConsumerCode, writeEmvConsumerCode } from '@huitong/formats'
import { invariant } from '@huitong/kernel'

/*
 * A payment code as an EMVCo consumer-presented code, for tills that scan those. It holds one application, ours, and in it the same digits
 * that are printed under the picture: a means of carrying them and no second kind of code.
 */

/** A proprietary application name: `F` is what unregistered names begin with, and the rest says `HUITONG`. */
const APPLICATION_NAME = 'F0485549544F4E47'
const LABEL = Buffer.from('HUITONG').toString('hex').toUpperCase()

export function emvOfPaymentCode(digits: string): string {
  const number = digits.length % 2 === 0 ? digits : `${digits}F`
  const tags = new Map([
    ['4F', APPLICATION_NAME],
    ['50', LABEL],
    ['5A', number],
  ])
  const written = writeEmvConsumerCode({ applications: [{ tags, signed: new Map() }], common: null })
  invariant(written.ok, 'a payment code fits into an EMVCo code')
  return written.value
}

/** The digits of a shown code: those of an EMVCo code of ours, else the text itself. What is neither is no payment code. */
export function digitsOfShownCode(text: string): string {
  if (!text.startsWith(EMV_CONSUMER_START)) return text
  const read = readEmvConsumerCode(text)
  const own = read.ok ? read.value.applications.find(({ tags }) => tags.get('4F') === APPLICATION_NAME) : undefined
  return (own?.tags.get('5A') ?? '').replace(/F$/, '')
}
