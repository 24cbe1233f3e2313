/** Loaded into a control plane before all else, it has its clock go so many milliseconds ahead of the machine's. */

const ahead = Number(process.env.FAULTS_CLOCK_AHEAD_MS ?? 0)
const { now } = Date

Date.now = () => now() + ahead
