/** Names that differ only in case, spaces and marks are one name; leading zeros are padding. */
export function plainName(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+(?=.)/, '')
}

/** Whether one text becomes the other by at most two insertions, deletions, changes or exchanges of neighbours. */
export function isWithinTwoEdits(one: string, other: string): boolean {
  return isWithin(one, other, 2)
}

function isWithin(one: string, other: string, edits: number): boolean {
  if (Math.abs(one.length - other.length) > edits) return false
  let from = 0
  while (from < one.length && one[from] === other[from]) from += 1
  let [a, b] = [one.length, other.length]
  while (a > from && b > from && one[a - 1] === other[b - 1]) {
    a -= 1
    b -= 1
  }
  if (a === from || b === from) return Math.max(a, b) - from <= edits
  if (edits === 0) return false
  const [left, right] = [one.slice(from, a), other.slice(from, b)]
  const isSwapped = left[0] === right[1] && left[1] === right[0]
  return (
    (isSwapped && isWithin(left.slice(2), right.slice(2), edits - 1)) ||
    isWithin(left.slice(1), right.slice(1), edits - 1) ||
    isWithin(left.slice(1), right, edits - 1) ||
    isWithin(left, right.slice(1), edits - 1)
  )
}
