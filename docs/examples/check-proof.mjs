// Checks a proof that a transfer stands in an institution's journal. It needs the institution's public key, from a source that you
// trust, and Node; nothing of Huitong. What it does is specified in docs/concepts/proof.md.
//   node check-proof.mjs PROOF.json PUBLIC-KEY.pem
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const hex = (text) =>
  Buffer.from(demand(/^([0-9a-f]{2})*$/.test(text) && text, 'a hash that is not hexadecimal'), 'hex')
const int = (value, bytes) => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64BE(BigInt(value))
  return buffer.subarray(8 - bytes)
}

function demand(value, what) {
  if (!value && value !== '') throw new Error(what)
  return value
}

/** RFC 9162 §2.1.3.2: climbs from a leaf to the root of a tree of `size` leaves. */
function climb(leaf, index, size, path) {
  demand(index >= 0 && index < size, 'the leaf is not in the tree')
  let [hash, at, last] = [sha256(Buffer.from([0]), leaf), index, size - 1]
  for (const sibling of path) {
    demand(last > 0, 'the path is too long')
    if (at % 2 === 1 || at === last) {
      hash = sha256(Buffer.from([1]), hex(sibling), hash)
      while (at % 2 === 0 && at > 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else hash = sha256(Buffer.from([1]), hash, hex(sibling))
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  demand(last === 0, 'the path is too short')
  return hash.toString('hex')
}

/** 2026-11-22T02:00:00.000001Z as microseconds since 1970. */
function micros(time) {
  const [, seconds, fraction] = demand(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(time), 'a time is malformed')
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction)
}

const KINDS = [undefined, 'posted', 'held', 'captured', 'voided', 'expired', 'increased']
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** acct_… and tran_… as the numbers that they stand for; the last digit is a check digit. */
const idOf = (text) => [...text.slice(5, -1)].reduce((sum, digit) => sum * 32n + BigInt(ALPHABET.indexOf(digit)), 0n)

function check(proof, publicKey) {
  demand(proof.version === 1, 'a proof of another version')
  const { transfer, batch, head } = proof
  const leaf = hex(proof.leaf)
  // What is shown to people must be what stands in the journal.
  demand(leaf[0] === 1 || leaf[0] === 3, 'the leaf is no transfer of a known form')
  demand(KINDS[leaf[1]] === transfer.kind && leaf.readUInt16BE(2) === transfer.code, 'the transfer is of another kind')
  for (const [at, value] of [
    [4, idOf(transfer.id)],
    [12, idOf(transfer.debit)],
    [20, idOf(transfer.credit)],
    [28, BigInt(transfer.amountMinor)],
    [92, BigInt(proof.position)],
  ]) {
    demand(leaf.readBigInt64BE(at) === value, 'the transfer is not the one that is proved')
  }
  demand(climb(leaf, proof.position, batch.count, proof.path) === batch.root, 'the transfer is not in its batch')
  const { outcomes } = batch
  const seal = [
    int(outcomes === undefined ? 1 : 2, 1),
    int(batch.number, 8),
    int(batch.count, 4),
    int(micros(batch.at), 8),
  ]
  seal.push(Buffer.from(batch.accountingDay), int(batch.lastCounter, 8), hex(batch.previousHash), hex(batch.root))
  if (outcomes !== undefined) seal.push(hex(outcomes))
  demand(sha256(...seal).toString('hex') === batch.hash, 'the batch is not what its hash says')
  const root = climb(hex(batch.hash), batch.number - 1, head.number, proof.historyPath)
  demand(root === head.history_root, 'the batch is not in the history that was signed')
  const lines = [head.institution, head.number, head.hash, head.at, head.accounting_day, head.history_root]
  const signed = Buffer.from(`huitong signed head 2\n${lines.join('\n')}\n`)
  // In base64 many texts are read as one signature; only the one with no bit set beyond its 64 bytes counts.
  demand(/^[A-Za-z0-9+/]{85}[AQgw]==$/.test(head.signature), 'the signature is malformed')
  demand(verify(null, signed, publicKey, Buffer.from(head.signature, 'base64')), 'the signature is not of this key')
  return `${transfer.id} moved ${transfer.amountMinor} minor units in batch ${batch.number}, as ${head.institution} signed on ${head.at}.`
}

try {
  const [, , proofFile, keyFile] = process.argv
  const proof = JSON.parse(readFileSync(proofFile, 'utf8'))
  console.log(`Proved: ${check(proof, createPublicKey(readFileSync(keyFile)))}`)
} catch (error) {
  console.log(`NOT PROVED: ${error.message}`)
  process.exitCode = 1
}
