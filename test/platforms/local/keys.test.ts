import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { LocalKeys, openKeys } from '../../../platforms/local/keys.ts'

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

describe('the keys of an installation', () => {
  it('are made once, for the owner only, and found again', (t) => {
    const dir = join(folder(t), 'new')
    const mac = openKeys(dir).mac('text')
    assert.equal(statSync(join(dir, 'secret')).mode & 0o777, 0o600)
    assert.equal(openKeys(dir).mac('text'), mac)
    assert.deepEqual(readdirSync(dir), ['secret'])
  })

  it('are not left half made by a crash, and a copy of them is left alone', (t) => {
    const dir = folder(t)
    const copies = ['secret.bak', 'secret.2026-01-01']
    for (const name of [...copies, `secret.${randomUUID()}`]) writeFileSync(join(dir, name), '')
    openKeys(dir)
    assert.deepEqual(readdirSync(dir).sort(), ['secret', ...copies].sort())
  })

  it('differ between installations', (t) => {
    assert.notEqual(openKeys(folder(t)).mac('text'), openKeys(folder(t)).mac('text'))
  })

  it('are refused where the file is damaged, with what to do', (t) => {
    const dir = folder(t)
    openKeys(dir)
    const file = join(dir, 'secret')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20))
    assert.throws(() => openKeys(dir), /secret is damaged: .* Restore it, or delete it/)
  })

  it('make the HMAC-SHA-256 of RFC 4231 and the SHA-256 of FIPS 180', () => {
    const keys = new LocalKeys(Buffer.from('Jefe'))
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    assert.equal(keys.mac('what do ya want for nothing?'), mac)
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    assert.equal(keys.hash('abc'), hash)
  })
})
