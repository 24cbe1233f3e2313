/** Loaded into a control plane that was started with `--expose-gc`: tells at SIGUSR2 what is still in use. */
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  process.stderr.write(`\nmemory ${process.memoryUsage().heapUsed} bytes\n`)
})
