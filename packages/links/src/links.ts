import type { CommandKind, WorkingSet } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import type { IsoFault, IsoMessage } from '@huitong/iso20022'
import { type Chance, canonicalJson, deriveKey, err, invariant, ok, type Result, seal, unseal } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { outgoingLog } from './message-store.ts'
import { messageText } from './message-text.ts'
import { NEW_LINE } from './peer.ts'
import { peerCommands } from './peer-commands.ts'
import { lineTable } from './peer-store.ts'

/** Seals what the links keep: messages say who pays whom, and keys are secret. */
export interface LinkVault {
  seal(field: string, bytes: Uint8Array): Uint8Array
  open(field: string, sealed: Uint8Array): Uint8Array
}

/** @param masterSecret 32 bytes that are not in the database */
export function createLinkVault(masterSecret: Uint8Array, chance: Chance): LinkVault {
  const key = deriveKey(masterSecret, 'huitong links')
  return {
    seal: (field, bytes) => seal(key, field, bytes, chance),
    open: (field, sealed) => unseal(key, field, sealed),
  }
}

/** The name under which a message is sealed, so that none can be passed off as another. */
export function outgoingField(peer: string, number: number): string {
  return `outgoing ${peer} ${number}`
}

export interface ReceiveMessage {
  readonly from: string
  readonly number: number
  /** SHA-256 of the body, hexadecimal. */
  readonly digest: string
  readonly message: Result<IsoMessage, IsoFault>
}

export const MessageTaken = Type.Object({
  result: Type.Union([Type.Literal('taken'), Type.Literal('refused')]),
  /** What came of it, in the module's word, or why it was refused. */
  code: Type.String(),
})
export type MessageTaken = Static<typeof MessageTaken>

/** What a module does with a message. */
export type TakeMessage = Pick<
  CommandKind<{ readonly from: string; readonly message: IsoMessage }, { readonly result: string }>,
  'need' | 'decide'
>

export type Links = ReturnType<typeof createLinks>

/** Takes the tables of links of the working set, once. */
export function createLinks(set: WorkingSet, vault: LinkVault) {
  const lines = set.table(lineTable)
  const outgoing = set.log(
    outgoingLog(({ peer, number, text }) => vault.seal(outgoingField(peer, number), Buffer.from(text, 'utf8'))),
  )

  function tellOfRefusal(peer: string, number: number, code: string, way: 'in' | 'out'): void {
    set.emit({
      topic: 'links.refused',
      key: `${way}:${peer}:${number}`,
      body: JSON.stringify({ peer, number, code, way }),
    })
  }

  return {
    ...peerCommands(set),

    /** Sends a message with the batch that is being decided. To a peer that is not known yet it waits until staff name it. */
    send: (to: string, message: IsoMessage): void => {
      lines.need(to)
      const line = lines.get(to) ?? NEW_LINE
      const number = line.sent + 1
      lines.put(to, { ...line, sent: number })
      outgoing.add({ peer: to, number, text: messageText(message) })
    },

    /**
     * `links.receive`: one message of a peer, under the key (peer, number). What the module refuses, and what was no message, is taken all the
     * same, so that it does not keep the next one out; the peer is told, and staff get a case.
     */
    receiving: (take: TakeMessage): CommandKind<ReceiveMessage, MessageTaken> => ({
      name: 'links.receive',
      need: ({ from, message }) => {
        lines.need(from)
        if (message.ok) take.need({ from, message: message.value })
      },
      decide: ({ from, number, message }) => {
        const line = lines.get(from) ?? NEW_LINE
        // Numbers were looked at before the command was made, and a repeat is answered by its key.
        invariant(number === line.received + 1, `message ${number} of ${from} follows message ${line.received}`)
        lines.put(from, { ...line, received: number })
        const mark = set.savepoint()
        const taken = message.ok ? take.decide({ from, message: message.value }) : err({ code: message.error.rule })
        if (taken.ok) return ok({ result: 'taken', code: taken.value.result })
        set.rollbackTo(mark)
        tellOfRefusal(from, number, taken.error.code, 'in')
        return ok({ result: 'refused', code: taken.error.code })
      },
      form: ({ from, number, digest }) => canonicalJson({ from, number, digest }),
      keepsForm: true,
      ...answerCodec(MessageTaken),
    }),

    /** `links.note-refusal`: the peer took our message and refused what it says. */
    noteRefusal: {
      name: 'links.note-refusal',
      need: () => undefined,
      decide: ({ peer, number, code }) => {
        tellOfRefusal(peer, number, code, 'out')
        return ok({})
      },
      form: ({ peer, number, code }) => canonicalJson({ peer, number, code }),
      keepsForm: true,
      ...answerCodec(Type.Object({})),
    } satisfies CommandKind<{ readonly peer: string; readonly number: number; readonly code: string }, object>,
  }
}
