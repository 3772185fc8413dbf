import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fontPreload } from "./vite/font-preload.ts";
import { serverTime } from "./vite/server-time.ts";
import { serviceWorker } from "./vite/service-worker.ts";

const server = "http://127.0.0.1:4567";

export default defineConfig({
  plugins: [react(), tailwindcss(), fontPreload(), serverTime(), serviceWorker()],
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
    // What is needed at once is one file, because several small ones compress worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "client", tags: ["$initial"] }] } },
    },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "service-worker/**/*.test.ts"],
    environment: "jsdom",
    setupFiles: "src/shared/testing/setup.ts",
    restoreMocks: true,
  },
});
