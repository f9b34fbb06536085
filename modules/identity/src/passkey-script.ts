/*
 * The only script of our plain pages: passkeys cannot be used without one. It is a file of its own, because a page's policy runs
 * nothing that stands in the page.
 */

export const PASSKEY_SCRIPT_PATH = '/signin/passkeys.js'

export const PASSKEY_SCRIPT = `
const notice = document.querySelector('[data-passkey-notice]')

function say(text) {
  notice.hidden = false
  notice.textContent = text
}

async function ask(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const content = answer.status === 204 ? undefined : await answer.json()
  if (!answer.ok) throw new Error(content.detail ?? content.title)
  return content
}

async function prove(optionsPath) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask(optionsPath))
  return (await navigator.credentials.get({ publicKey })).toJSON()
}

function next() {
  return document.querySelector('[data-next]')?.dataset.next ?? '/me'
}

const ACTIONS = {
  async 'sign-in'() {
    await ask('/v1/passkeys/sign-in', { answer: await prove('/v1/passkeys/options'), cookie: true })
    location.assign(next())
  },
  async 'step-up'() {
    await ask('/v1/me/step-up/passkey', { answer: await prove('/v1/me/step-up/options') })
    location.assign(next())
  },
  async add() {
    const options = await ask('/v1/me/passkeys/options')
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const answer = (await navigator.credentials.create({ publicKey })).toJSON()
    const name = document.querySelector('[name=passkey-name]').value.trim() || 'Passkey'
    await ask('/v1/me/passkeys', { name, answer })
    location.reload()
  },
}

const able = typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
if (!able) say('This browser is too old for passkeys. 此浏览器不支持通行密钥。')
for (const button of document.querySelectorAll('[data-passkey]')) {
  button.disabled = !able
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await ACTIONS[button.dataset.passkey]()
    } catch (error) {
      say(error.name === 'NotAllowedError' ? 'Nothing was confirmed. Try again. 未确认，请重试。' : error.message)
      button.disabled = false
    }
  })
}
`.trimStart()
