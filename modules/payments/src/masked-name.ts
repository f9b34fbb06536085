/**
 * A person's name as strangers may see it before they pay: enough to notice a mistake, too little to learn who has a phone number. Of
 * a Chinese name the first character is hidden, of others all but the first letter of each word.
 */
export function maskedName(name: string): string {
  const characters = Array.from(name)
  if (/^[\p{Script=Han}·]+$/u.test(name)) return `*${characters.slice(1).join('')}`
  return name
    .split(' ')
    .map((word) => {
      const [first = '', ...rest] = Array.from(word)
      return first + '*'.repeat(Math.min(rest.length, 6))
    })
    .join(' ')
}
