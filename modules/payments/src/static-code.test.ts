import { seededChance } from '@huitong/kernel'
import { expect, it } from 'vitest'
import { maskedName } from './masked-name.ts'
import { drawStaticCodeReference, STATIC_CODE_REFERENCE } from './static-code.ts'

it('references have the form that the table asks for and differ', () => {
  const chance = seededChance(1)
  const drawn = Array.from({ length: 200 }, () => drawStaticCodeReference(chance))
  for (const reference of drawn) expect(reference).toMatch(STATIC_CODE_REFERENCE)
  expect(new Set(drawn).size).toBe(200)
})

it.each([
  ['林晓雨', '*晓雨'],
  ['司马相如', '*马相如'],
  ['林', '*'],
  ['Customer 7', 'C****** 7'],
  ['Ann Lee', 'A** L**'],
  ['', ''],
])('the name %s is shown to strangers as %s', (name, shown) => {
  expect(maskedName(name)).toBe(shown)
})
