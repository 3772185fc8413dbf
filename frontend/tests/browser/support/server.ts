// The real server, one for each test: on a free port, with a data folder and a clock of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const startsWithin = 30_000; // ms
const root = resolve(import.meta.dirname, "../../../..");

function binary(): string {
  const places = [
    process.env.CRUDDUR_BINARY,
    join(root, "build/release/cruddur"),
    join(root, "build/dev/cruddur"),
  ];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error("there is no server to test: bin/build release cruddur");
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || !address) throw new Error("no free port");
  return address.port;
}

export type Settings = Record<string, string>;

// Names the folder of a server that has been started once: making keys and tables takes a server longer than all else.
const template = "CRUDDUR_TEMPLATE";

/** From now on servers, also those of child processes, begin with a copy of `folder`. */
export function beginWith(folder: string): void {
  process.env[template] = folder;
}

export class Server implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #kill = () => this.#child.kill("SIGKILL");
  #log = "";

  private constructor(port: number, settings: Settings) {
    this.url = `http://localhost:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "cruddur-browser-"));
    if (process.env[template]) cpSync(process.env[template], this.#folder, { recursive: true });
    this.#child = spawn(binary(), ["serve"], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        BACKEND_URL: this.url,
        CRUDDUR_DATA_DIR: this.#folder,
        CLOCK_MOVABLE: "true",
        SEED: "false",
        WRITE_LIMITS: "off",
        // Each person and window comes from an address of its own, so that limits per address stay out of the way.
        TRUSTED_PROXIES: "127.0.0.1",
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", this.#kill);
  }

  static async start(settings: Settings = {}): Promise<Server> {
    const server = new Server(await freePort(), settings);
    await server.#serving();
    return server;
  }

  /** Stops it and gives its data folder, which is the caller's from then on. */
  async retire(): Promise<string> {
    await this.#stop();
    return this.#folder;
  }

  get log(): string {
    return this.#log;
  }

  #serving(): Promise<void> {
    const { stdout, stderr } = this.#child;
    return new Promise((ready, failed) => {
      const fail = (why: string) => failed(new Error(`the server ${why}:\n${this.#log}`));
      const timer = setTimeout(() => fail("did not start in time"), startsWithin);
      this.#child.once("exit", () => fail("ended"));
      stderr?.on("data", (part) => {
        this.#log += part;
      });
      if (!stdout) return;
      createInterface({ input: stdout }).on("line", (line) => {
        this.#log += `${line}\n`;
        if (!/\bserving\b/.test(line)) return;
        clearTimeout(timer);
        ready();
      });
    });
  }

  /** Moves the server's clock forward. */
  async advance(seconds: number): Promise<void> {
    const response = await fetch(`${this.url}/dev/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advance_seconds: seconds }),
    });
    if (!response.ok) throw new Error(`/dev/clock answered ${response.status}`);
  }

  /** The server's time, Unix ms. */
  async now(): Promise<number> {
    const response = await fetch(`${this.url}/api/health-check`);
    return Number(response.headers.get("x-server-time"));
  }

  /** Moves the clock so that `at` (Unix ms) is `seconds` away. */
  async moveTo(at: number, seconds: number): Promise<void> {
    await this.advance(Math.floor((at - (await this.now())) / 1000) - seconds);
  }

  async #stop(): Promise<void> {
    process.off("exit", this.#kill);
    if (this.#child.exitCode === null) {
      const over = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      const timer = setTimeout(this.#kill, 15_000);
      await over;
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
