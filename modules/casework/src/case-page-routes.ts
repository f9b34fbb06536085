import { cardPage, type Html, type HttpApp, html, type RawReply, type RawRequest, seeOther } from '@huitong/http'
import { type Clock, microsToIso, publicId } from '@huitong/kernel'
import { CASE_REFUSALS, type Case, type CaseEntry, caseStep } from './case.ts'
import { CASE_ID } from './case-bodies.ts'
import { idOf } from './case-routes.ts'
import type { Casework } from './casework.ts'

const READ = { callers: ['staff'], scope: 'cases:read' } as const
const WORK = { callers: ['staff'], scope: 'cases:work' } as const
const SHOWN = 50
const NOTE_LENGTH_MAX = 2000
const WORDS = {
  take: 'Take it · 受理',
  put_back: 'Put it back · 退回',
  wait: 'Let it wait · 等待',
  resume: 'Go on · 继续',
  note: 'Write it down · 备注',
  resolve: 'Resolve · 结案',
} as const
type PageAction = keyof typeof WORDS
const NEEDS_NOTE: readonly PageAction[] = ['wait', 'note', 'resolve']

/** The pages on which staff work: the list, and one case with the actions that its state allows. No scripts. */
export function addCasePageRoutes(
  http: HttpApp,
  { casework, clock }: { readonly casework: Casework; readonly clock: Clock },
): void {
  http.rawRoute({
    method: 'GET',
    url: '/cases',
    access: READ,
    summary: 'The page of all cases that are not resolved',
    handler: async () => listPage(await casework.list({ limit: SHOWN }), clock.now()),
  })

  async function page({ params, caller }: RawRequest, fault?: string): Promise<RawReply> {
    const found = await casework.find(idOf(params))
    if (found === undefined)
      return cardPage('No such case · 案件不存在', html`<p>There is no such case.</p>`, { status: 404 })
    return casePage(found.case, found.entries, caller.id, caller.scopes.has('cases:work'), clock.now(), fault)
  }

  http.rawRoute({
    method: 'GET',
    url: '/cases/:id',
    access: READ,
    summary: 'The page of a case',
    handler: (request) => page(request),
  })

  for (const action of Object.keys(WORDS).filter(isPageAction)) {
    http.rawRoute({
      method: 'POST',
      url: `/cases/:id/${action.replace('_', '-')}`,
      access: WORK,
      summary: `${action.replace('_', ' ')} a case, from its page`,
      handler: async (request) => {
        const note = new URLSearchParams(request.rawBody.toString('utf8')).get('note')?.trim() ?? ''
        if (NEEDS_NOTE.includes(action) && (note === '' || note.length > NOTE_LENGTH_MAX || note.includes('\u0000'))) {
          return page(request, `Write a note of up to ${NOTE_LENGTH_MAX} characters. 请填写备注。`)
        }
        const step = { case: idOf(request.params), action, actor: request.caller.id, note: note === '' ? null : note }
        const done = await casework.step(step)
        return done.ok ? seeOther(pathOf(done.value)) : page(request, CASE_REFUSALS[done.error].text)
      },
    })
  }
}

function isPageAction(text: string): text is PageAction {
  return Object.hasOwn(WORDS, text)
}

function listPage(cases: readonly Case[], now: number): RawReply {
  const rows = cases.slice(0, SHOWN).map(
    (one) => html`<dl><dt><a href="${pathOf(one)}">${one.kind.replace('_', ' ')}</a></dt><dd>${one.summary}</dd>
<dt>${one.state}</dt><dd>${one.assignee ?? 'nobody · 未分配'}</dd><dt>Due · 期限</dt><dd>${due(one, now)}</dd></dl>`,
  )
  const more = cases.length > SHOWN ? html`<p>There are more. 还有更多。</p>` : ''
  return cardPage(
    'Cases · 案件',
    html`${cases.length === 0 ? html`<p>There is nothing to do. 暂无案件。</p>` : rows}${more}`,
  )
}

function casePage(
  one: Case,
  entries: readonly CaseEntry[],
  caller: string,
  mayWork: boolean,
  now: number,
  fault?: string,
): RawReply {
  const actor = one.assignee === caller ? 'assignee' : 'staff'
  const possible = Object.keys(WORDS)
    .filter(isPageAction)
    .filter((action) => 'to' in caseStep(one.state, action, actor))
  return cardPage(
    `${one.kind.replace('_', ' ')} · ${one.state}`,
    html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
<p>${one.summary}</p>
<dl><dt>About · 对象</dt><dd>${one.subject ?? 'nothing in particular · 无'}</dd>
<dt>With · 处理人</dt><dd>${one.assignee ?? 'nobody · 未分配'}</dd>
<dt>Due · 期限</dt><dd>${due(one, now)}</dd>
${one.resolution === null ? '' : html`<dt>Outcome · 结果</dt><dd>${one.resolution}</dd>`}</dl>
${entries.map(({ at, actor: by, action, note }) => html`<dl><dt>${action.replace('_', ' ')}</dt><dd>${by}, ${time(at)}${note === null ? '' : html`<br>${note}`}</dd></dl>`)}
${mayWork ? possible.map((action) => form(one, action)) : ''}
<a class="away" href="/cases">All cases · 全部案件</a>`,
    fault === undefined ? {} : { status: 409 },
  )
}

function form(one: Case, action: PageAction): Html {
  const note = NEEDS_NOTE.includes(action)
    ? html`<label>Note · 备注<input name="note" maxlength="${String(NOTE_LENGTH_MAX)}" required></label>`
    : ''
  return html`<form method="post" action="${pathOf(one)}/${action.replace('_', '-')}">${note}<button type="submit">${WORDS[action]}</button></form>`
}

function pathOf({ id }: Case): string {
  return `/cases/${publicId(CASE_ID, id)}`
}

function due({ dueAt, resolvedAt }: Case, now: number): string {
  return `${time(dueAt)}${resolvedAt === null && now >= dueAt ? ', overdue · 已逾期' : ''}`
}

function time(at: number): string {
  return `${microsToIso(at).slice(0, 16).replace('T', ' ')} UTC`
}
