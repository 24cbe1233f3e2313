/** The name of the error of a container that saw before the control plane that its start takes too long. */
export const STARTUP_TIMEOUT = 'StartupTimeout'
