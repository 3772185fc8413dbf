// The built client on a web server of its own, as a content delivery network has it: files, their headers, and no program behind.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";

export const dist = resolve(import.meta.dirname, "../../../dist");

const types: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export class Site implements AsyncDisposable {
  /** What /config.json says. */
  config: object = {};
  /** What else but the site its pages may call. */
  connect = "";
  #folder = dist;
  readonly #server: HttpServer;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", this.url);
      this.#answer(pathname, response);
    });
  }

  static async start(): Promise<Site> {
    const site = new Site();
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    return site;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://localhost:${typeof address === "object" && address ? address.port : 0}`;
  }

  /** From now on the site is what is in `folder`. */
  deploy(folder: string): void {
    this.#folder = folder;
  }

  #answer(path: string, response: ServerResponse): void {
    if (path === "/config.json") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.config));
      return;
    }
    const isPage = extname(path) === "";
    const file = join(this.#folder, isPage ? "index.html" : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const hashed = path.startsWith("/assets/");
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.setHeader("cache-control", hashed ? "max-age=31536000, immutable" : "no-cache");
    if (isPage) {
      const policy = `default-src 'self'; connect-src 'self' ${this.connect}`;
      response.setHeader("content-security-policy", policy);
    }
    response.end(readFileSync(file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** A folder with another build of the client in it, that says `mark` in the page's head. */
export function anotherBuild(mark: string): Disposable & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "cruddur-build-"));
  cpSync(dist, folder, { recursive: true });
  const digest = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("base64");
  const before = digest("index.html");
  edit(join(folder, "index.html"), (html) =>
    html.replace("</head>", `<meta name="build" content="${mark}" /></head>`),
  );
  edit(join(folder, "sw.js"), (script) =>
    script.replace(before, digest("index.html")).replace(/(?<=[`"'])[0-9a-f]{16}(?=[`"'])/, mark),
  );
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`${file} is not as it was thought to be`);
  writeFileSync(file, changed);
}
