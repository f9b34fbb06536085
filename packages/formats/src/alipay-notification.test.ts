import { describe, expect, test } from 'vitest'
import { isAcknowledged, notificationDelays, signedAlipayForm } from './alipay-notification.ts'

describe('a notification', () => {
  test('signs its non-empty parameters without sign and sign_type, and sends them all', async () => {
    const signed: string[] = []
    const form = await signedAlipayForm(
      { subject: '茶 a+b', body: '', gmt_close: undefined, app_id: '1', total_amount: '0.10' },
      'RSA2',
      async (text) => {
        signed.push(text)
        return 'a+/='
      },
    )
    expect(signed).toEqual(['app_id=1&subject=茶 a+b&total_amount=0.10'])
    expect(form).toBe('subject=%E8%8C%B6+a%2Bb&app_id=1&total_amount=0.10&sign_type=RSA2&sign=a%2B%2F%3D')
  })

  test.each([
    [200, 'success', true],
    [200, 'success\n', false],
    [200, 'SUCCESS', false],
    [200, '"success"', false],
    [200, 'fail', false],
    [200, '', false],
    [204, '', false],
    [302, 'success', false],
    [500, 'success', false],
  ])('answered with status %i and %j: acknowledged %s', (status, body, acknowledged) => {
    expect(isAcknowledged(status, body)).toBe(acknowledged)
  })

  test('is repeated seven times within 25 hours', () => {
    const minutes = notificationDelays.map((micros) => micros / 60_000_000)
    expect(minutes).toEqual([4, 10, 10, 60, 120, 360, 900])
    expect(minutes.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(25 * 60)
  })
})
