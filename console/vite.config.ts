// How the console is built: `dist/` holds index.html and, under assets/, files named by their contents.
// `npm run dev` serves the sources and sends requests of the API to the Millrace at MILLRACE_URL. Read by
// Vite alone.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The host is named apart: not every system finds names below localhost. */
const target = new URL(process.env.MILLRACE_URL ?? 'http://console.localhost:8700');
const headers = { host: target.host, origin: target.origin };

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // No image or font becomes part of a script: the content security policy allows no data addresses there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4_000,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/millrace': { target: `http://127.0.0.1:${target.port}`, headers } },
  },
});
