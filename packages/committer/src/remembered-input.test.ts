import { describe, expect, it } from 'vitest'
import { differingFields, rememberedInput } from './remembered-input.ts'

describe('what is kept of an input', () => {
  it('is the form itself only where the kind says that nothing personal is in it', () => {
    expect(rememberedInput({ keepsForm: true }, 'move,1,2,300')).toBe('move,1,2,300')
    const kept = rememberedInput({}, '{"amount":"8.88","phone":"13800138000"}')
    expect(kept).not.toContain('13800138000')
    expect(kept).not.toContain('8.88')
  })

  it('tells equal inputs from others and names the fields that differ', () => {
    const first = rememberedInput({}, '{"amount":"8.88","phone":"13800138000"}')
    expect(rememberedInput({}, '{"amount":"8.88","phone":"13800138000"}')).toBe(first)
    expect(differingFields(first, rememberedInput({}, '{"amount":"8.89","phone":"13800138000"}'))).toEqual(['amount'])
    expect(differingFields(first, rememberedInput({}, '{"amount":"8.88","name":"x"}'))).toEqual(['name', 'phone'])
  })

  it('names nothing where the form has no fields', () => {
    expect(differingFields(rememberedInput({}, 'a'), rememberedInput({}, 'b'))).toEqual([])
  })
})
