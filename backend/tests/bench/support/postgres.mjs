// A PostgreSQL cluster of our own in a temporary folder, on a socket only.
import { execFile, execFileSync } from "node:child_process";
import { chmod, chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { atExit, ownFolder } from "./endings.mjs";

const run = promisify(execFile);
const bin = "/usr/lib/postgresql/15/bin";
const isRoot = process.getuid() === 0;

// PostgreSQL refuses to run as root.
function asPostgresUser(command, args, options) {
  return isRoot
    ? ["runuser", ["-u", "postgres", "--", command, ...args], options]
    : [command, args, options];
}

export function asPostgres(command, args, options) {
  return run(...asPostgresUser(command, args, options));
}

export async function startPostgres(more = "") {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-pg-"));
  const removeFolder = ownFolder(folder);
  if (isRoot) {
    const { stdout } = await run("id", ["-u", "postgres"]);
    await chown(folder, Number(stdout), 0);
  }
  await chmod(folder, 0o755);
  const data = join(folder, "data");
  const options = { cwd: folder };
  await asPostgres(
    `${bin}/initdb`,
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"],
    options,
  );
  const flags = `-k ${folder} -c listen_addresses= -c max_connections=200 ${more}`;
  await asPostgres(
    `${bin}/pg_ctl`,
    ["-D", data, "-w", "-o", flags, "-l", join(folder, "log"), "start"],
    options,
  );
  const stopping = [`${bin}/pg_ctl`, ["-D", data, "-m", "immediate", "-w", "stop"], options];
  const cancel = atExit(() => execFileSync(...asPostgresUser(...stopping)));
  return {
    socket: folder,
    log: join(folder, "log"),
    url: `postgresql://postgres@/postgres?host=${folder}`,
    async pgbench(args) {
      return (
        await asPostgres(
          `${bin}/pgbench`,
          ["-h", folder, "-U", "postgres", "-n", ...args, "postgres"],
          options,
        )
      ).stdout;
    },
    async query(sql) {
      return (
        await asPostgres(
          "psql",
          ["-h", folder, "-U", "postgres", "-At", "-c", sql, "postgres"],
          options,
        )
      ).stdout.trim();
    },
    async stop() {
      await asPostgres(...stopping);
      cancel();
      await removeFolder();
    },
  };
}
