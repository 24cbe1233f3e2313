/**
 * Kills what the author's process started and left behind: programs that it had called go on otherwise, for as long as
 * the container lives. They are known by their process group, the one that this container's first process leads;
 * only Linux tells of groups where they can be read without help.
 */
export function killStrays(): void {
  const group = process.pid
  if (process.platform !== 'linux' || groupOf(group) !== group) return
  for (const name of fs().readdirSync('/proc')) {
    const pid = Number(name)
    if (pid > 0 && pid !== group && groupOf(pid) === group) kill(pid)
  }
}

/** The third field behind the program's name, which is in brackets and may hold anything: proc(5), `stat`. */
function groupOf(pid: number): number | undefined {
  try {
    const stat = fs().readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    return undefined
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Not by `import`, which a container's first request would have to wait for. */
const fs = () => process.getBuiltinModule('node:fs')
