const DISK_FULL = ['ENOSPC', 'EDQUOT']
const DISK_BROKEN = ['EIO', 'EROFS']
const NO_DESCRIPTORS = ['EMFILE', 'ENFILE']
/** How Linux says that no more may be watched, by codes that mean something else elsewhere. */
const NO_WATCHES = ['ENOSPC', 'EMFILE']
/** Result codes of SQLite. */
const SQLITE = { readOnly: 8, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 } as const
/** Of an extended result code, these bits are the plain one. */
const PLAIN = 0xff

/**
 * What the machine denies the control plane, in words for whoever runs it; undefined where the error is about something
 * else.
 * @param dir the state folder
 */
export function machineFault(error: unknown, dir: string): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const fault = faultIn(cause, dir)
    if (fault) return fault
  }
  return undefined
}

function faultIn(error: NodeJS.ErrnoException & { errcode?: number }, dir: string): string | undefined {
  const { code = '', syscall, errcode = 0 } = error
  const result = errcode & PLAIN
  if (syscall === 'watch' && NO_WATCHES.includes(code))
    return `The system lets the user of the control plane watch no more folders, without which no logs can be followed. Raise its limits, as "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024" does.`
  if (DISK_FULL.includes(code) || result === SQLITE.full)
    return `The disk of ${dir} is full. Make room on it: what Sluice has accepted goes on then, and what it refused can be asked for again.`
  if (NO_DESCRIPTORS.includes(code))
    return `The control plane may open no more files and connections. Raise its limit (as "ulimit -n 65536" does in the shell that starts it) and start it again; containers outlive that.`
  if (DISK_BROKEN.includes(code) || result === SQLITE.ioError || result === SQLITE.readOnly)
    return `The disk of ${dir} cannot be written to (${error.message}). Look after it, then start the control plane again.`
  if (result === SQLITE.corrupt || result === SQLITE.notADatabase)
    return `${dir}/sluice.db is damaged (${error.message}). Put back the folder from a backup, or choose another with --dir.`
  return undefined
}
