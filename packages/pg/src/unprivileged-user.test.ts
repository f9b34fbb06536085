import { expect, test } from 'vitest'
import { choosePasswdUser } from './unprivileged-user.ts'

const root = 'root:x:0:0:root:/root:/bin/bash'

test.each([
  ['nobody where there is one', `${root}\ndaemon:x:1:1::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false`, 'nobody'],
  ['another system user otherwise', `${root}\nlp:x:7:7::/:/bin/sh\ndaemon:x:1:1::/:/bin/sh`, 'daemon'],
  ['whoever there is as a last resort', `${root}\n# a comment\nbroken\nann:x:1000:1000::/home/ann:/bin/sh`, 'ann'],
])('chooses %s', (_rule, passwd, name) => {
  expect(choosePasswdUser(passwd).name).toBe(name)
})

test('a machine that knows only root is told what to do', () => {
  expect(() => choosePasswdUser(`${root}\ntoor:x:0:0::/:/bin/sh\nwheel:x:5:0::/:/bin/sh`)).toThrow('add one')
})
