// A PgBouncer of the test's own before a database of the run's cluster.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardChild, makeFolder, removeFolder } from "./guard.ts";
import { query } from "./postgres.ts";
import { until } from "./wait.ts";

const superuser = process.getuid?.() === 0;
const port = 6432; // names a socket in a folder of its own

export class Pooler {
  readonly url: string;
  #child: ChildProcess;
  #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(database: string, mode: "transaction" | "session"): Promise<Pooler> {
    const target = new URL(database);
    const name = target.pathname.slice(1);
    const folder = makeFolder("pooler");
    chmodSync(folder, 0o755);
    const users = join(folder, "users.txt");
    const file = join(folder, "pgbouncer.ini");
    writeFileSync(users, '"cruddur" ""\n');
    writeFileSync(
      file,
      `[databases]
${name} = host=${target.searchParams.get("host")} user=cruddur
[pgbouncer]
listen_addr =
unix_socket_dir = ${folder}
listen_port = ${port}
auth_type = trust
auth_file = ${users}
pool_mode = ${mode}
`,
    );
    if (superuser) {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
      chownSync(folder, id("-u"), id("-g"));
    }
    const command = ["/usr/sbin/pgbouncer", "-q", file];
    const [program, ...rest] = superuser
      ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", ...command]
      : command;
    const child = spawn(program as string, rest, { cwd: "/", stdio: "ignore" });
    guardChild(child);
    const url = `postgresql:///${name}?host=${folder}&port=${port}&user=cruddur`;
    await until("the pooler", 10_000, () => {
      try {
        return query(url, "SELECT 1");
      } catch {
        return undefined;
      }
    });
    return new Pooler(url, child, folder);
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await closed;
    removeFolder(this.#folder);
  }
}
