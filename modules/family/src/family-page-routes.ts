import type { Outcome } from '@huitong/committer'
import { hasFreshProof } from '@huitong/contract'
import { decodeForm } from '@huitong/formats'
import {
  type HttpApp,
  HttpProblem,
  outcomeToReply,
  provePath,
  type RawReply,
  type RawRequest,
  seeOther,
  signInPath,
} from '@huitong/http'
import { parseAmount, parsePublicId } from '@huitong/kernel'
import { readPhone } from '@huitong/party'
import { customerOf, FAMILY_LINK_ID, WALLET_CURRENCY } from '@huitong/payments'
import type { FamilyAnswer } from './family-commands.ts'
import { type FamilyBounds, RELATIONS } from './family-link.ts'
import { FAMILY_PATH, familyPage } from './family-page.ts'
import { type FamilyRouteParts, familyRefusalAnswer } from './route-parts.ts'

const READER = { callers: ['anonymous', 'customer'], scope: 'payments:read' } as const
const WRITER = { callers: ['anonymous', 'customer'], scope: 'payments:write' } as const

const UNREADABLE = 'This is no phone number, relation or amount. 请检查手机号、关系与金额。'
const NOBODY = 'Nobody with this phone number is a customer here. 该手机号尚未开户。'
const UNKNOWN = 'It is not known whether this was done; look again. 结果未知，请稍后查看。'

/** `/me/family`, which works without scripts. */
export function addFamilyPageRoutes(http: HttpApp, parts: FamilyRouteParts): void {
  const { committer, family, queries, search, clock } = parts

  async function show(customer: number, fault?: { status: number; text: string }): Promise<RawReply> {
    return familyPage(await queries.links(customer, true), customer, fault)
  }

  /** Back to the page, which shows what became of it; a step that did not succeed says why. */
  async function told(customer: number, outcome: Outcome<FamilyAnswer>): Promise<RawReply> {
    if (outcome.status === 'done') return seeOther(FAMILY_PATH)
    if (outcome.status === 'unknown') return show(customer, { status: 504, text: UNKNOWN })
    const answer = outcomeToReply(outcome, { done: () => undefined, refused: familyRefusalAnswer })
    const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
    return show(customer, { status, text: message })
  }

  http.rawRoute({
    method: 'GET',
    url: FAMILY_PATH,
    access: READER,
    summary: 'The page of your own family links',
    handler: async ({ caller }) =>
      caller.kind === 'customer' ? show(customerOf(caller)) : seeOther(signInPath(FAMILY_PATH)),
  })

  http.rawRoute({
    method: 'POST',
    url: `${FAMILY_PATH}/invite`,
    access: WRITER,
    summary: 'Invite a relative, from the page',
    handler: async ({ caller, rawBody }) => {
      if (caller.kind !== 'customer') return seeOther(signInPath(FAMILY_PATH))
      if (!hasFreshProof(caller, clock.now())) return seeOther(provePath(FAMILY_PATH))
      const owner = customerOf(caller)
      const asked = readInvitation(rawBody)
      if (asked === undefined) return show(owner, { status: 400, text: UNREADABLE })
      const member = (await search.findByPhone(asked.phone))?.id
      if (member === undefined) return show(owner, { status: 404, text: NOBODY })
      const { relation, bounds } = asked
      // No key: a second one while the first is open is refused.
      return told(owner, await committer.submit({ kind: family.invite, input: { owner, member, relation, bounds } }))
    },
  })

  for (const [action, fresh, summary] of [
    ['accept', true, 'Accept an invitation, from the page'],
    ['pause', false, 'Pause a link, from the page'],
    ['resume', true, 'Let a link go on, from the page'],
    ['end', false, 'End a link, from the page'],
  ] as const) {
    http.rawRoute({
      method: 'POST',
      url: `${FAMILY_PATH}/:link/${action}`,
      access: WRITER,
      summary,
      handler: async ({ caller, params }: Pick<RawRequest, 'caller' | 'params'>) => {
        if (caller.kind !== 'customer') return seeOther(signInPath(FAMILY_PATH))
        if (fresh && !hasFreshProof(caller, clock.now())) return seeOther(provePath(FAMILY_PATH))
        const customer = customerOf(caller)
        const id = parsePublicId(FAMILY_LINK_ID, params.link ?? '')
        const input = { link: id.ok ? id.value : 0, customer, step: { action } }
        return told(customer, await committer.submit({ kind: family.step, input }))
      },
    })
  }
}

function readInvitation(body: Buffer) {
  const form = decodeForm(body)
  if (!form.ok) return undefined
  const fields = new Map(form.value)
  const phone = readPhone(fields.get('phone') ?? '')
  const relation = RELATIONS.find((one) => one === fields.get('relation'))
  const bounds = readBounds(fields)
  return phone.ok && relation !== undefined && bounds !== undefined
    ? { phone: phone.value, relation, bounds }
    : undefined
}

/** An empty field bounds nothing. */
function readBounds(fields: ReadonlyMap<string, string>): FamilyBounds | undefined {
  const [single, day, month] = ['single', 'day', 'month'].map((name) => {
    const text = fields.get(name) ?? ''
    if (text === '') return null
    const minor = parseAmount(text, WALLET_CURRENCY)
    return minor.ok ? minor.value : undefined
  })
  if (single === undefined || day === undefined || month === undefined || month === null) return undefined
  return { singleMinor: single, dayMinor: day, monthMinor: month }
}
