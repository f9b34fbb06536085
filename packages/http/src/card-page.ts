import { Html, html } from './html.ts'
import { htmlReply, type PageOptions, pagePolicy } from './html-page.ts'
import type { RawReply } from './http-reply.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --soft: #566573; --paper: #f1f4f7; --card: #ffffff; --line: #dde2e8; --accent: #0b5cad; --on-accent: #ffffff; --bad: #a4290f; --good: #18794e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #9aa8b5; --paper: #10151b; --card: #18202a; --line: #2a3541; --accent: #6cb2ff; --on-accent: #0b1622; --bad: #ff9c84; --good: #4cc38a }
}
* { box-sizing: border-box }
body { font: 16px/1.55 system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif; margin: 0; display: grid; min-height: 100vh; place-items: center; background: var(--paper); color: var(--ink) }
main { background: var(--card); padding: 2rem; margin: 1rem; border: 1px solid var(--line); border-radius: .75rem; width: min(24rem, calc(100vw - 2rem)) }
h1 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere }
p { margin: .5rem 0 }
.amount { font-size: 2.25rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem }
.amount small { font-size: 1rem; font-weight: 400; color: var(--soft) }
a { color: var(--accent) }
a.away { display: block; margin-top: 1rem; text-align: center }
.code { display: block; max-width: 13rem; margin: 1rem auto 0 }
.code svg { display: block; width: 100%; border-radius: .5rem }
label { display: block; margin-top: 1rem; color: var(--soft) }
input:not([type=checkbox]) { font: inherit; width: 100%; margin-top: .25rem; padding: .6rem .75rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--paper); color: var(--ink) }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: 1rem 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
small { color: var(--soft) }
[role=alert] { color: var(--bad) }
[role=status] { color: var(--good); font-weight: 600 }
button { font: inherit; font-weight: 600; width: 100%; margin-top: 1rem; padding: .7rem 1.4rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--on-accent); cursor: pointer }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

const POLICY = pagePolicy(STYLE)
const SCRIPT_POLICY = pagePolicy(STYLE, { script: true })

export interface CardOptions extends Omit<PageOptions, 'policy'> {
  /** Where the browser goes by itself after some seconds; the page must have a link there as well. */
  readonly onward?: { readonly seconds: number; readonly to: string }
  /** The address of a script of ours that the page runs. */
  readonly script?: string
}

/** A small page that says or asks one thing: a title and what stands below it. Search engines are told to leave it alone. */
export function cardPage(title: string, body: Html, options: CardOptions = {}): RawReply {
  const { onward, script, ...reply } = options
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${onward === undefined ? '' : html`<meta http-equiv="refresh" content="${onward.seconds}; url=${onward.to}">`}
<title>${title}</title>
${new Html(`<style>${STYLE}</style>`)}
${script === undefined ? '' : html`<script type="module" src="${script}"></script>`}
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  return htmlReply(page, { ...reply, policy: script === undefined ? POLICY : SCRIPT_POLICY })
}
