/* Types of decoders that come without any, as far as the tests use them. */

declare module '@walletfactory/emvqr' {
  const decoder: { decode(text: string): Readonly<Record<string, unknown>> }
  export default decoder
}

declare module 'steplix-emvqr' {
  const decoder: { decode(text: string): Readonly<Record<string, { readonly data: unknown } | undefined>> }
  export default decoder
}

declare module 'node-tlv' {
  export default class TLV {
    static parseList(hex: string): readonly TLV[]
    find(tag: string): TLV | null
    readonly value: string
  }
}
