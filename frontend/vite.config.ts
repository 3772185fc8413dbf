import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

interface Graph {
  getModuleInfo(id: string): { importedIds: string[] } | null;
}

const main = resolve(import.meta.dirname, "src/app/main.tsx");
const boot = new Set<string>();

/** Puts what the entry imports into one chunk. Left alone, it is cut into one for every set of lazy parts that share something with it, each compressed by itself. */
function bootChunk(id: string, graph: Graph): string | null {
  const waiting = boot.size === 0 ? [main] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (boot.has(next)) continue;
    boot.add(next);
    waiting.push(...(graph.getModuleInfo(next)?.importedIds ?? []));
  }
  return boot.has(id) ? "boot" : null;
}

const server = "http://127.0.0.1:4567";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: {
    port: 3000,
    strictPort: true,
    proxy: {
      "/api": server,
      "/cognito-idp": server,
      "/config.json": server,
      "/dev": server,
      "^/[^/]+/\\.well-known/": server,
    },
  },
  // No data: URLs: the content security policy is default-src 'self'.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: bootChunk }] } } },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "jsdom",
    setupFiles: "src/shared/testing/setup.ts",
    restoreMocks: true,
  },
});
