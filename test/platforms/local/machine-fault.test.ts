import assert from 'node:assert/strict'
import { test } from 'node:test'
import { machineFault } from '../../../platforms/local/machine-fault.ts'

const failed = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall })

test('what the machine denies is said by what was to be done, for one code has several meanings', () => {
  const said = (code: string, syscall: string) => machineFault(failed(code, syscall), '/state') ?? ''
  assert.match(said('ENOSPC', 'write'), /disk of \/state is full/)
  assert.match(said('EMFILE', 'open'), /ulimit -n/)
  for (const code of ['ENOSPC', 'EMFILE']) assert.match(said(code, 'watch'), /watch no more folders.*inotify/)
})

test('what lies behind an error is found, and what is nothing of the machine is left to its trace', () => {
  const behind = new Error('The process could not be started', { cause: failed('EMFILE', 'spawn') })
  assert.match(machineFault(behind, '/state') ?? '', /ulimit -n/)
  assert.equal(machineFault(failed('ENOENT', 'open'), '/state'), undefined)
})
