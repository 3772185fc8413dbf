// One server process: started on a free port in a folder of its own, and stopped like an operator
// would. A sanitizer's report fails whatever test stops the server.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { guardChild, makeFolder, removeFolder } from "./guard.ts";
import { binary } from "./paths.ts";

export type Settings = Record<string, string | undefined>;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const startMs = 30_000;
const stopMs = 30_000;
const sanitizerReport = /Sanitizer|runtime error:/;

function environment(settings: Settings): NodeJS.ProcessEnv {
  const sanitizers = {
    ASAN_OPTIONS: "detect_stack_use_after_return=1:strict_string_checks=1",
    UBSAN_OPTIONS: "print_stacktrace=1",
    TSAN_OPTIONS: process.env.TSAN_OPTIONS,
  };
  return { PATH: process.env.PATH, ...sanitizers, ...settings };
}

function assertNoReport(stderr: string): void {
  assert.doesNotMatch(stderr, sanitizerReport, "a sanitizer reported");
}

/** Runs the program to its end. */
export async function runCommand(args: string[], settings: Settings = {}): Promise<Ended> {
  const child = spawn(binary, args, { env: environment(settings), stdio: "pipe" });
  guardChild(child);
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (part) => (out.stdout += part));
  child.stderr.on("data", (part) => (out.stderr += part));
  const killer = setTimeout(() => child.kill("SIGKILL"), startMs);
  const [code, signal] = await once(child, "close");
  clearTimeout(killer);
  assertNoReport(out.stderr);
  return { code, signal, ...out };
}

export class Server implements AsyncDisposable {
  readonly dataDir: string;
  readonly lines: string[] = [];
  port = 0;
  #child: ChildProcess;
  #stderr = "";
  #closed: Promise<unknown>;
  #ownsFolder: boolean;
  #log: Interface;

  constructor(settings: Settings, program = binary) {
    this.#ownsFolder = settings.CRUDDUR_DATA_DIR === undefined;
    this.dataDir = settings.CRUDDUR_DATA_DIR ?? makeFolder("server");
    const defaults = {
      CRUDDUR_DATA_DIR: this.dataDir,
      PORT: "0",
      SEED: "false",
      WRITE_LIMITS: "off",
      TRUSTED_PROXIES: "127.0.0.1",
      EVENT_LOOPS: "2",
    };
    this.#child = spawn(program, ["serve"], {
      env: environment({ ...defaults, ...settings }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    guardChild(this.#child);
    this.#closed = once(this.#child, "close");
    const { stdout, stderr } = this.#child;
    assert(stdout && stderr);
    stderr.on("data", (part) => (this.#stderr += part));
    this.#log = createInterface({ input: stdout }).on("line", (line) => this.lines.push(line));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  get pid(): number {
    return this.#child.pid ?? 0;
  }
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
  get stderr(): string {
    return this.#stderr;
  }

  /** Log lines that hold all the words. */
  logged(...words: string[]): string[] {
    return this.lines.filter((line) => words.every((word) => line.includes(word)));
  }

  /** Leaves the log unread until resumeLog(). */
  pauseLog(): void {
    this.#log.pause();
  }

  resumeLog(): void {
    this.#log.resume();
  }

  async waitUntilServing(): Promise<void> {
    const end = Date.now() + startMs;
    for (;;) {
      const line = this.lines.find((each) => /\bserving\b/.test(each));
      const port = line?.match(/\bport"?[=:](\d+)\}?$/)?.[1];
      if (port) {
        this.port = Number(port);
        return;
      }
      if (!this.isRunning || Date.now() > end) {
        const heard = `${this.lines.join("\n")}\n${this.#stderr}`;
        await this.kill();
        throw new Error(`the server did not start:\n${heard}`);
      }
      await new Promise((resume) => setTimeout(resume, 10));
    }
  }

  /** SIGTERM; fails when it ends with anything but 0, or not in time. */
  async stop(): Promise<void> {
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), stopMs);
    this.#child.kill("SIGTERM");
    await this.#closed;
    clearTimeout(killer);
    if (this.#ownsFolder) removeFolder(this.dataDir);
    assertNoReport(this.#stderr);
    const how = { code: this.#child.exitCode, signal: this.#child.signalCode };
    assert.deepEqual(how, { code: 0, signal: null }, `stopped badly: ${this.#stderr}`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** kill -9, as a power cut would. Keeps the data folder. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
    assertNoReport(this.#stderr);
  }

  /** Waits for an end that somebody else asked for. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) return this.stop();
    await this.#closed;
    if (this.#ownsFolder) removeFolder(this.dataDir);
  }
}

export async function startServer(settings: Settings = {}, program = binary): Promise<Server> {
  const server = new Server(settings, program);
  await server.waitUntilServing();
  return server;
}
