// A PostgreSQL cluster in a temporary folder, reachable by a socket in it. It ends with this process,
// however that ends: a guardian shell holds the other end of a pipe.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardChild } from "./guard.ts";

const binaries = "/usr/lib/postgresql/15/bin";
const superuser = process.getuid?.() === 0;

const guardian = `
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
fi
rm -rf "$1"
`;

/** Runs a tool of PostgreSQL as the user who owns the cluster; throws with what it printed. */
function run(tool: string, args: string[]): string {
  const command = [join(binaries, tool), ...args];
  const [program, ...rest] = superuser ? ["runuser", "-u", "postgres", "--", ...command] : command;
  const done = spawnSync(program as string, rest, {
    cwd: "/",
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (done.status !== 0) throw new Error(`${tool}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

export class PostgresCluster {
  readonly folder: string;
  #guardian: ReturnType<typeof spawn>;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "cruddur-postgres-"));
    chmodSync(this.folder, 0o755);
    if (superuser) {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
      chownSync(this.folder, id("-u"), id("-g"));
    }
    this.#guardian = spawn("sh", ["-c", guardian, "guardian", this.folder], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    run("initdb", [
      "-D",
      this.data,
      "-U",
      "cruddur",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ]);
    this.start();
  }

  get data(): string {
    return join(this.folder, "data");
  }

  start(): void {
    // Processes are killed here, not the machine: what was written survives without fsync.
    const options = `-k ${this.folder} -c listen_addresses= -c max_connections=300 -c fsync=off`;
    run("pg_ctl", [
      "-w",
      "-s",
      "-D",
      this.data,
      "-l",
      join(this.folder, "log"),
      "-o",
      options,
      "start",
    ]);
  }

  /** Like a crash: nothing is flushed, and the next start recovers from the log. */
  crash(): void {
    run("pg_ctl", ["-w", "-s", "-D", this.data, "-m", "immediate", "stop"]);
  }

  async end(): Promise<void> {
    await new Promise((resume) => {
      this.#guardian.once("exit", resume);
      this.#guardian.stdin?.end();
    });
  }
}

export function databaseUrl(folder: string, name: string): string {
  return `postgresql:///${name}?host=${folder}&user=cruddur`;
}

export function query(url: string, sql: string): string[][] {
  const printed = execFileSync(
    join(binaries, "psql"),
    ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql],
    {
      encoding: "utf8",
      cwd: "/",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

let roles = 0;

/** A new role that may use all tables of the database, and the URL by which it does. */
export function createRole(url: string, options = ""): { name: string; url: string } {
  const name = `role_${process.pid}_${++roles}`;
  query(
    url,
    `CREATE ROLE ${name} LOGIN ${options}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`,
  );
  return { name, url: url.replace("user=cruddur", `user=${name}`) };
}

export interface HeldRows {
  release(): Promise<void>;
}

/** Locks rows of `activities` against everybody until they are released. */
export async function holdRows(url: string, where: string): Promise<HeldRows> {
  const session = spawn(
    join(binaries, "psql"),
    ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url],
    { cwd: "/", stdio: ["pipe", "pipe", "inherit"] },
  );
  guardChild(session);
  // The echo says that the answer is whole, also when no row was there to be held.
  session.stdin.write(
    `BEGIN; SELECT 'held' FROM activities WHERE ${where} FOR UPDATE;\n\\echo end\n`,
  );
  const [said] = await Promise.race([once(session.stdout, "data"), once(session, "exit")]);
  if (!String(said).startsWith("held")) throw new Error(`no row is held: ${said}`);
  return {
    async release() {
      const ended = once(session, "exit");
      session.stdin.end("COMMIT;\n");
      await ended;
    },
  };
}

const variable = "CRUDDUR_TEST_POSTGRES";
let own: PostgresCluster | undefined;

/** The folder of the run's cluster: the runner's, or one of this process when it runs alone. */
export function sharedCluster(): string {
  const given = process.env[variable];
  if (given) return given;
  own ??= new PostgresCluster();
  return own.folder;
}

export function shareCluster(cluster: PostgresCluster): void {
  process.env[variable] = cluster.folder;
}

/** Ends the cluster of a process that runs alone; a node:test process would wait for it otherwise. */
export async function endOwnCluster(): Promise<void> {
  await own?.end();
  own = undefined;
}

let databases = 0;

/** A new, empty database in the run's cluster. */
export function createDatabase(folder = sharedCluster()): string {
  const name = `test_${process.pid}_${++databases}`;
  query(databaseUrl(folder, "postgres"), `CREATE DATABASE ${name}`);
  return databaseUrl(folder, name);
}
