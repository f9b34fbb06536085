import type { KeyObject } from 'node:crypto'
import { importPublicKey, type RsaAlgorithm, rsaSign, rsaVerify } from '@huitong/formats'
import { invariant } from '@huitong/kernel'
import type { Application, ApplicationDirectory } from '@huitong/party'

/** Whose signature a request bears, and the platform's own signature. The arithmetic is done on the thread pool. */
export interface AlipayKeys {
  /** Applications that may call; a disabled one is unknown. */
  findApp(appId: string): Promise<Application | undefined>
  verify(app: Application, signType: RsaAlgorithm, signed: string | Uint8Array, signature: string): Promise<boolean>
  sign(text: string): Promise<string>
}

export function alipayKeys(
  applications: Pick<ApplicationDirectory, 'findApplication'>,
  platformPrivateKey: KeyObject,
): AlipayKeys {
  // Reading a key from its bytes costs a good part of a verification; the directory hands out the same row for some time.
  const keys = new WeakMap<Application, KeyObject>()

  function publicKeyOf(app: Application): KeyObject {
    const known = keys.get(app)
    if (known !== undefined) return known
    const read = importPublicKey(Buffer.from(app.publicKey).toString('base64'))
    invariant(read.ok, `the public key of application ${app.appId} cannot be read`)
    keys.set(app, read.value)
    return read.value
  }

  return {
    findApp: async (appId) => {
      const found = await applications.findApplication(appId)
      return found?.status === 'active' ? found : undefined
    },
    // An application that agreed on SHA-256 is not believed under SHA-1.
    verify: async (app, signType, signed, signature) =>
      signType === app.signType && (await rsaVerify(signType, signed, signature, publicKeyOf(app))),
    sign: (text) => rsaSign('RSA2', text, platformPrivateKey),
  }
}
