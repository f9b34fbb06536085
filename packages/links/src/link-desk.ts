import { createPrivateKey, createPublicKey } from 'node:crypto'
import {
  type HttpSignatureFault,
  signHttpAnswer,
  signHttpRequest,
  verifyHttpAnswer,
  verifyHttpRequest,
} from '@huitong/formats'
import { type IsoFault, type IsoMessage, readIsoMessage, writeIsoMessage } from '@huitong/iso20022'
import type { Result } from '@huitong/kernel'
import { messageOf } from './message-text.ts'

/*
 * What is slow about a message: XML both ways, digests and signatures. All of it is functions of what is handed in, done in a thread
 * (`link-worker.ts`), since none of it may hold up the committer.
 */

const MESSAGE_TYPE = 'application/xml'
export const ANSWER_TYPE = 'application/json'
/** A message is a few thousand bytes; a statement of a day may be longer. */
export const MESSAGE_BYTES_MAX = 512 * 1024

/** PEM. */
interface KeyText {
  readonly id: string
  readonly pem: string
}

interface WriteOrder {
  /** Of `messageText`. */
  readonly text: string
  readonly url: string
  readonly key: KeyText
  /** When it is signed, in milliseconds since 1970. */
  readonly atMs: number
}

interface WrittenMessage {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

async function writeOrder({ text, url, key, atMs }: WriteOrder): Promise<WrittenMessage> {
  const body = writeIsoMessage(messageOf(text))
  const privateKey = createPrivateKey(key.pem)
  const request = { method: 'POST', url, body, contentType: MESSAGE_TYPE }
  return { body, headers: await signHttpRequest(request, { id: key.id, privateKey }, new Date(atMs)) }
}

interface ReadOrder {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly key: KeyText
  readonly atMs: number
}

type ReadMessage =
  | { readonly fault: HttpSignatureFault }
  | { readonly fault: undefined; readonly message: Result<IsoMessage, IsoFault> }

/** The signature first: nothing of a stranger's is parsed. */
async function readOrder({ url, headers, body, key, atMs }: ReadOrder): Promise<ReadMessage> {
  const publicKey = createPublicKey(key.pem)
  const request = { method: 'POST', url, headers, body }
  const signed = await verifyHttpRequest(request, (id) => (id === key.id ? publicKey : undefined), new Date(atMs))
  if (!signed.ok) return { fault: signed.error }
  return { fault: undefined, message: readIsoMessage(body, { maxBytes: MESSAGE_BYTES_MAX }) }
}

interface AnswerOrder {
  readonly status: number
  readonly answer: Uint8Array
  readonly request: { readonly url: string; readonly body: Uint8Array }
  readonly key: KeyText
  readonly atMs: number
}

/** The headers of a signed answer. */
async function answerOrder({ status, answer, request, key, atMs }: AnswerOrder) {
  const said = { status, body: answer, contentType: ANSWER_TYPE }
  const signer = { id: key.id, privateKey: createPrivateKey(key.pem) }
  return await signHttpAnswer(said, { method: 'POST', ...request }, signer, new Date(atMs))
}

interface CheckOrder {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly answer: Uint8Array
  readonly request: { readonly url: string; readonly body: Uint8Array }
  readonly keys: readonly KeyText[]
  readonly atMs: number
}

/** Whether the answer is the peer's and to this request. */
async function checkOrder({ status, headers, answer, request, keys, atMs }: CheckOrder): Promise<boolean> {
  const found = (id: string) => {
    const key = keys.find((known) => known.id === id)
    return key === undefined ? undefined : createPublicKey(key.pem)
  }
  const said = { status, headers, body: answer }
  return (await verifyHttpAnswer(said, { method: 'POST', ...request }, found, new Date(atMs))).ok
}

/** What the thread does, by name. */
export const DESK = { write: writeOrder, read: readOrder, answer: answerOrder, check: checkOrder } as const

/** The same functions, done elsewhere. */
export type LinkDesk = typeof DESK
