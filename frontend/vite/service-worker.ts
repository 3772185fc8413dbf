import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build, type Plugin } from "vite";

const worker = resolve(import.meta.dirname, "../service-worker/worker.ts");
const unhashed = ["index.html", "theme.js", "icon.svg", "manifest.webmanifest"];

const digest = (algorithm: string, content: string | Buffer) =>
  createHash(algorithm).update(content);

/** The files of the build that make up the shell, as [path, integrity]. */
function shellOf(dist: string): [string, string][] {
  const hashed = readdirSync(join(dist, "assets"), { recursive: true, encoding: "utf8" });
  const files = [...unhashed, ...hashed.map((name) => `assets/${name}`)].sort();
  return files.map((file) => {
    const path = file === "index.html" ? "/" : `/${file}`;
    return [path, `sha256-${digest("sha256", readFileSync(join(dist, file))).digest("base64")}`];
  });
}

/** Builds the service worker to /sw.js, with the list of this build's own files in it. */
export function serviceWorker(): Plugin {
  let dist = "";
  return {
    name: "cruddur-service-worker",
    apply: "build",
    configResolved({ root, build: { outDir } }) {
      dist = resolve(root, outDir);
    },
    async closeBundle() {
      const files = shellOf(dist);
      const text = JSON.stringify(files);
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: {
          FILES: text,
          BUILD: JSON.stringify(digest("sha256", text).digest("hex").slice(0, 16)),
        },
        build: {
          outDir: dist,
          emptyOutDir: false,
          rolldownOptions: { input: worker, output: { format: "iife", entryFileNames: "sw.js" } },
        },
      });
      this.info(`${relative(process.cwd(), dist)}/sw.js keeps ${files.length} files`);
    },
  };
}
