// Checks that your balance is in what an institution says that it owes in all. It needs the institution's public key, from a source
// that you trust, and Node; nothing of Huitong. What it does is specified in docs/concepts/proof.md.
//   node check-liability.mjs PROOF.json PUBLIC-KEY.pem
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const demand = (value, what) => {
  if (!value) throw new Error(what)
  return value
}
const hex = (text) => Buffer.from(demand(/^[0-9a-f]{64}$/.test(text) && text, 'a hash is malformed'), 'hex')
/** A sum is never negative: one who could show a negative one could hide what he owes others. */
const minor = (text) => BigInt(demand(/^(0|[1-9][0-9]{0,37})$/.test(text) && text, 'a sum is not a whole number'))
const bytes = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const idOf = (text) => [...text.slice(5, -1)].reduce((sum, digit) => sum * 32n + BigInt(ALPHABET.indexOf(digit)), 0n)

function check({ account, balanceMinor, salt, position, path, statement }, publicKey) {
  demand(statement.version === 1, 'a statement of another version')
  demand(position >= 0 && position < statement.count, 'the leaf is not in the tree')
  let sum = minor(balanceMinor)
  let hash = sha256(Buffer.from([0]), bytes(idOf(account), 8), bytes(sum, 8), hex(salt))
  let [at, last] = [position, statement.count - 1]
  for (const node of path) {
    // An odd last node goes up as it is.
    while (at === last && at % 2 === 0 && last > 0) [at, last] = [at / 2, Math.floor(last / 2)]
    demand(last > 0, 'the path is too long')
    const mine = [hash, bytes(sum, 16)]
    const other = [hex(node.hash), bytes(minor(node.sum), 16)]
    hash = sha256(Buffer.from([1]), ...(at % 2 === 1 ? [...other, ...mine] : [...mine, ...other]))
    sum += minor(node.sum)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  while (at === last && at % 2 === 0 && last > 0) [at, last] = [at / 2, Math.floor(last / 2)]
  demand(last === 0, 'the path is too short')
  demand(hash.toString('hex') === statement.root, 'the balance is not in the tree that was signed')
  demand(sum === minor(statement.totalMinor), 'the sums of the tree are not the total that was signed')
  const { institution, batch, batchHash, at: time, accountingDay, currency, count, totalMinor, root } = statement
  const lines = [
    'huitong liabilities 1',
    institution,
    batch,
    batchHash,
    time,
    accountingDay,
    currency,
    count,
    totalMinor,
  ]
  const signed = Buffer.from(`${[...lines, root].join('\n')}\n`)
  // In base64 many texts are read as one signature; only the one with no bit set beyond its 64 bytes counts.
  demand(/^[A-Za-z0-9+/]{85}[AQgw]==$/.test(statement.signature), 'the signature is malformed')
  demand(
    verify(null, signed, publicKey, Buffer.from(statement.signature, 'base64')),
    'the signature is not of this key',
  )
  return `${balanceMinor} of ${totalMinor} minor units ${currency} that ${institution} owes are yours, in ${account}, as signed for ${time}.`
}

try {
  const [, , proofFile, keyFile] = process.argv
  console.log(`Proved: ${check(JSON.parse(readFileSync(proofFile, 'utf8')), createPublicKey(readFileSync(keyFile)))}`)
} catch (error) {
  console.log(`NOT PROVED: ${error.message}`)
  process.exitCode = 1
}
