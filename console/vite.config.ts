import { defineConfig } from 'vite'

const HERE = import.meta.dirname
/** Where `sluice up` answers, for whoever works on the console with `npm run console`. */
const CONTROL_PLANE = 'http://127.0.0.1:4100'

export default defineConfig({
  root: HERE,
  cacheDir: `${HERE}/../node_modules/.vite`,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `${HERE}/../dist/console`,
    emptyOutDir: true,
    target: 'es2023',
    // An image or a style within a script would need a policy that allows both.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/v1': {
        target: CONTROL_PLANE,
        changeOrigin: true,
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
})
