import { expect, test } from 'vitest'
import { splitStatements } from './split-statements.ts'

test('plain statements are cut at their semicolons and trimmed', () => {
  expect(splitStatements(' create table a (b int8);\n\ninsert into a values (1) ; ')).toEqual([
    'create table a (b int8)',
    'insert into a values (1)',
  ])
})

test('a last statement needs no semicolon, and empty ones vanish', () => {
  expect(splitStatements(';; select 1;;\n-- the end; really\n; select 2')).toEqual(['select 1', 'select 2'])
})

test.each([
  ["select 'a;b'"],
  ["select 'it''s; here'"],
  ["select e'quote \\'; still'"],
  ['select ";" from "a;"'],
  ['select 1 -- no; end here\n + 1'],
  ['select 1 /* no; /* nested; */ end; */ + 1'],
  ['create function f() returns int language sql as $$ select 1; select 2; $$'],
  ['create function f() returns int as $body$ begin return $$;$$; end; $body$ language plpgsql'],
  ["select 'backslash \\'"],
])('a semicolon inside text, comment or body does not cut: %s', (statement) => {
  expect(splitStatements(`${statement};\nselect 2;`)).toEqual([statement, 'select 2'])
})

test('a dollar sign inside a name or a parameter starts no body', () => {
  expect(splitStatements('select a$b$c; select $1; select $2')).toEqual(['select a$b$c', 'select $1', 'select $2'])
})
