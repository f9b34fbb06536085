import { xml } from '@huitong/formats'
import { err, ok } from '@huitong/kernel'
import { type Field, leaf } from './field.ts'
import { isoFault } from './iso-fault.ts'
import { at } from './xml-tree.ts'

/** China's clearing system in the external code set; its members have twelve digits. */
const CNAPS = 'CNAPS'
const MEMBER = /^\d{12}$/
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/
const IBAN = /^[A-Z]{2}\d{2}[A-Za-z0-9]{1,30}$/

/** An institution: its twelve-digit number in China's clearing system, or its BIC (ISO 9362). `path` leads to what holds `FinInstnId`. */
export function agent(path: string): Field<string> {
  return leaf(path, {
    read(element, where) {
      const institution = at(element, ['FinInstnId'])
      const bic = institution && at(institution, ['BICFI'])
      if (bic !== undefined) return ok(bic.text)
      const member = institution && at(institution, ['ClrSysMmbId', 'MmbId'])
      const scheme = institution && at(institution, ['ClrSysMmbId', 'ClrSysId', 'Cd'])
      if (member !== undefined && scheme?.text === CNAPS) return ok(member.text)
      return err(isoFault('unknown_scheme', where, `neither a BIC nor a member of ${CNAPS}`))
    },
    write(value, name) {
      const id = BIC.test(value)
        ? xml('BICFI', value)
        : xml('ClrSysMmbId', [xml('ClrSysId', [xml('Cd', CNAPS)]), xml('MmbId', value)])
      return xml(name, [xml('FinInstnId', [id])])
    },
  })
}

/** Who keeps an account: its number or BIC as in {@link agent}, or its name where it has neither. */
export function servicer(path: string): Field<string> {
  const numbered = agent(path)
  return {
    ...numbered,
    read([element, ...others], where) {
      const name = at(element, ['FinInstnId', 'Nm'])
      return name !== undefined && element.children[0]?.children.length === 1
        ? ok(name.text)
        : numbered.read([element, ...others], where)
    },
    write: (value, name) =>
      MEMBER.test(value) || BIC.test(value)
        ? numbered.write(value, name)
        : [xml(name, [xml('FinInstnId', [xml('Nm', value)])])],
  }
}

/** An account: an IBAN (ISO 13616), or a number as its servicer gives it. `path` leads to what holds `IBAN` or `Othr`. */
export function accountNumber(path: string): Field<string> {
  return leaf(path, {
    read(element, where) {
      const number = at(element, ['IBAN']) ?? at(element, ['Othr', 'Id'])
      return number === undefined
        ? err(isoFault('unknown_scheme', where, 'neither an IBAN nor a number'))
        : ok(number.text)
    },
    write: (value, name) => xml(name, [IBAN.test(value) ? xml('IBAN', value) : xml('Othr', [xml('Id', value)])]),
  })
}
