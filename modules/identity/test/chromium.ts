import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/*
 * A real browser over the DevTools protocol, with what Node brings: it needs no driver and no dependency. Only what the tests of our few pages
 * want is here.
 */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser of this machine; undefined when there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file))
}

export interface Page {
  /** Sends a command of the protocol to the page. */
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>
  open(url: string): Promise<void>
  /** Evaluates an expression in the page; promises are waited for. */
  evaluate(expression: string): Promise<unknown>
  /** Waits until an expression is true; says what the page shows when it never is. */
  until(expression: string): Promise<void>
  click(selector: string): Promise<void>
  text(): Promise<string>
}

export interface Browser {
  readonly page: Page
  close(): Promise<void>
}

const PATIENCE_MS = 60_000

export async function startChromium(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'huitong-browser-'))
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ]
  const child = spawn(program, [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await debuggingPort(child)
  const socket = new WebSocket(await pageAddress(port))
  await once(socket, 'open')
  return {
    page: pageOver(socket),
    close: async () => {
      socket.close()
      child.kill('SIGKILL')
      await once(child, 'close')
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function debuggingPort(child: ChildProcess): Promise<number> {
  let shown = ''
  for await (const chunk of child.stderr ?? []) {
    shown += String(chunk)
    const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(shown)?.[1]
    if (port !== undefined) {
      // Its further complaints are nobody's business, but the pipe must not fill up.
      child.stderr?.resume()
      return Number(port)
    }
  }
  throw new Error(`the browser ended: ${shown}`)
}

async function pageAddress(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  const targets: unknown = await answer.json()
  const pages = Array.isArray(targets) ? targets.filter((target) => target.type === 'page') : []
  return String(pages[0]?.webSocketDebuggerUrl)
}

interface Message {
  readonly id?: number
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}

function pageOver(socket: WebSocket): Page {
  const waiting = new Map<number, (message: Message) => void>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const message: Message = JSON.parse(String(data))
    if (message.id === undefined) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })

  async function send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    last += 1
    const id = last
    const answered = new Promise<Message>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { error, result } = await answered
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result ?? {}
  }

  async function evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true, userGesture: true },
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return typeof result === 'object' && result !== null && 'value' in result ? result.value : undefined
  }

  const text = async () => String(await evaluate('document.body.innerText'))

  async function until(expression: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      // In the middle of a navigation there is nothing to ask.
      const value = await evaluate(`document.readyState === 'complete' && Boolean(${expression})`).catch(() => false)
      if (value === true) return
      if (Date.now() > end) throw new Error(`never: ${expression}; the page shows: ${await text()}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  return {
    send,
    evaluate,
    until,
    text,
    open: async (url) => {
      await send('Page.navigate', { url })
      await until(`location.href !== 'about:blank'`)
    },
    click: async (selector) => {
      const found = JSON.stringify(selector)
      await until(`document.querySelector(${found}) && !document.querySelector(${found}).disabled`)
      await evaluate(`document.querySelector(${found}).click()`)
    },
  }
}
