import { describe, expect, test } from 'vitest'
import { deviceName, placeOf } from './device.ts'

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)'

describe('a device is called', () => {
  test.each([
    [`${MAC} Chrome/130.0.0.0 Safari/537.36`, 'Chrome · Mac'],
    [`${MAC} Chrome/130.0.0.0 Safari/537.36 Edg/130.0`, 'Edge · Mac'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Firefox · Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari · iPhone',
    ],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50', 'WeChat · Android'],
    ['curl/8.5.0', 'A program'],
    ['<script>alert(1)</script>', 'A program'],
    [undefined, 'A program'],
  ])('%j: %s', (agent, name) => expect(deviceName(agent)).toBe(name))
})

describe('a place is coarse', () => {
  test.each([
    ['203.0.113.77', '203.0.*.*'],
    ['::ffff:203.0.113.77', '203.0.*.*'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
    ['2001:db8::7', '2001:db8:0::'],
    ['127.0.0.1', 'this machine'],
    ['::1', 'this machine'],
    ['192.168.1.9', 'a private network'],
    ['172.20.0.1', 'a private network'],
    ['172.32.0.1', '172.32.*.*'],
    ['fd00::1', 'a private network'],
  ])('%s: %s', (address, place) => expect(placeOf(address)).toBe(place))
})
