import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')
const VENV = resolve(import.meta.dirname, '../../../node_modules/.cache/cfn-lint')
const INSTALLED = join(VENV, 'requirements.txt')

/** @returns the program, installed where it is not yet. @throws where there is no Python, or no package index */
export function installCfnLint(): string {
  const program = join(VENV, 'bin/cfn-lint')
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === readFileSync(REQUIREMENTS, 'utf8'))
    return program
  rmSync(VENV, { recursive: true, force: true })
  mkdirSync(VENV, { recursive: true })
  execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'pipe' })
  const install = ['install', '--quiet', '--no-deps', '--requirement', REQUIREMENTS]
  execFileSync(join(VENV, 'bin/pip'), install, { stdio: 'pipe' })
  copyFileSync(REQUIREMENTS, INSTALLED)
  return program
}
