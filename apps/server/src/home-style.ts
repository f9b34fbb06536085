import { pagePolicy } from '@huitong/http'

/** The style of our plain pages: the browser's own fonts, light or dark as the reader's system is. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --soft: #566573; --paper: #f6f7f9; --card: #ffffff; --line: #dde2e8; --accent: #0b5cad; --good: #18794e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #9aa8b5; --paper: #10151b; --card: #18202a; --line: #2a3541; --accent: #6cb2ff; --good: #4cc38a }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.25rem 4rem }
header p { color: var(--soft); margin: .25rem 0 0; max-width: 42rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; letter-spacing: -.01em }
h1 span { color: var(--soft); font-weight: 400 }
h2 { font-size: 1rem; margin: 2.5rem 0 .75rem }
.state { display: inline-flex; align-items: center; gap: .5rem; color: var(--good); font-weight: 600; margin: 0 0 .75rem }
.state::before { content: ""; width: .6rem; height: .6rem; border-radius: 50%; background: currentColor }
.state.away { color: #b3541e }
dl.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; margin: 2rem 0 0 }
dl.totals div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem }
dt { color: var(--soft); font-size: .875rem }
dl.totals dd { margin: .15rem 0 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
dl.totals dd small { display: block; font-size: .8125rem; font-weight: 400; color: var(--soft) }
code { font: .9em ui-monospace, "SFMono-Regular", Consolas, monospace; overflow-wrap: anywhere }
a { color: var(--accent) }
ul.links { list-style: none; padding: 0; margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem }
ul.links li { padding: .8rem 1.1rem; border-top: 1px solid var(--line) }
ul.links li:first-child { border-top: 0 }
ul.links p { margin: .1rem 0 0; color: var(--soft); font-size: .9375rem }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .875rem }
`

export const PAGE_POLICY = pagePolicy(PAGE_STYLE)
