import type { FastifyInstance } from 'fastify'
import type { CredentialRequest } from './authenticator.ts'
import { credentialRequest } from './incoming.ts'

/** An answer as it leaves, problem answers included. */
interface LeavingAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
}

/** Signs answers to requests whose path begins so, with headers that go along. */
export interface AnswerSigner {
  readonly under: string
  sign(answer: LeavingAnswer, request: CredentialRequest): Promise<Readonly<Record<string, string>>>
}

/** Signs what leaves as the last thing that happens to it, whoever made the answer. */
export function signAnswers(app: FastifyInstance, signers: readonly AnswerSigner[]): void {
  app.addHook('onSend', async (request, target, payload) => {
    const asked = credentialRequest(request)
    const signer = signers.find(({ under }) => asked.rawTarget.startsWith(under))
    if (signer === undefined || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return payload
    const body = typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload
    const contentType = String(target.getHeader('content-type') ?? '')
    const headers = await signer.sign({ status: target.statusCode, contentType, body }, asked)
    for (const [name, value] of Object.entries(headers)) target.header(name, value)
    return payload
  })
}
