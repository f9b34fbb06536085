import { describe, expect, test } from 'vitest'
import { html } from './html.ts'

describe('the markup tag', () => {
  test('escapes text, and leaves markup made with it as it is', () => {
    const rows = ['<b>', '&'].map((one) => html`<li>${one}</li>`)
    expect(html`<ul title="${'"'}">${rows}</ul>`.text).toBe('<ul title="&quot;"><li>&lt;b&gt;</li><li>&amp;</li></ul>')
  })
})
