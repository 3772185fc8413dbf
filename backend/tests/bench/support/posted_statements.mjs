// The statements that the server runs for a post on PostgreSQL, as PostgreSQL's own log tells them,
// and pgbench scripts that run the same.
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./endings.mjs";
import { makeAccount } from "./pool.mjs";

const prefix = "%v| "; // of a line of the log: its transaction
const line = /^(\d+\/\d+)\| (\w+): +(.*)$/;
const message = "benchmark post number 1 #bench";

// Settings for startPostgres(), by which the log can be read here.
export const logSettings = `-c log_line_prefix='${prefix}' -c lc_messages=C`;

// What was executed, prepared before under a name: { transaction, text, values }. Of a statement
// that is executed at once, as PostgreSQL's transaction control is, nothing is kept.
function readLog(log) {
  const found = [];
  let open;
  for (const each of log.split("\n")) {
    const [, transaction, kind, text] = line.exec(each) ?? [];
    if (!kind) {
      if (open && each.startsWith("\t")) open.text += `\n${each.slice(1)}`;
      continue;
    }
    const executed = /^execute (?!<unnamed>)[^:]+: (.*)$/.exec(text);
    if (kind === "LOG") {
      open = executed ? { transaction, text: executed[1], values: [] } : undefined;
      if (open) found.push(open);
    } else if (kind === "DETAIL" && open) {
      const values = text.replace(/^parameters: /, "");
      for (const [, number, value] of values.matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g))
        open.values[number - 1] =
          value === "NULL" ? null : value.slice(1, -1).replaceAll("''", "'");
    }
  }
  return found;
}

// Runs `act`, which begins new sessions, and gives the statements of the first transaction after
// that which inserts a post.
async function logged(postgres, act) {
  const before = (await readFile(postgres.log, "utf8")).length;
  await postgres.query("ALTER DATABASE postgres SET log_statement = 'all'");
  try {
    await act();
  } finally {
    await postgres.query("ALTER DATABASE postgres RESET log_statement");
  }
  const all = readLog((await readFile(postgres.log, "utf8")).slice(before));
  const insert = all.find(({ text }) => text.startsWith("INSERT INTO activities"));
  if (!insert) throw new Error("PostgreSQL's log shows no post");
  return all.filter(
    ({ transaction, text }) =>
      transaction === insert.transaction && !/^(BEGIN|COMMIT);?$/.test(text),
  );
}

// PostgreSQL finds most by itself; the server names the type of each. Where only one of its types
// fits, that is the one.
async function parameterTypes(postgres, text) {
  const given = [];
  const prepare = async () => {
    const types = Array.from({ length: given.length }, (_, i) => given[i] ?? "unknown");
    const list = types.length ? `(${types.join(", ")})` : "";
    const found = await postgres.query(
      `PREPARE asked${list} AS ${text}; SELECT array_to_string(parameter_types, ' ') FROM pg_prepared_statements WHERE name = 'asked'`,
    );
    return found.split("\n").at(-1).split(" ");
  };
  for (;;) {
    try {
      return await prepare();
    } catch (error) {
      const number = /could not determine data type of parameter \$(\d+)/.exec(error.stderr)?.[1];
      if (!number || given[number - 1]) throw error;
      given[number - 1] = await onlyType(prepare, given, number - 1);
    }
  }
}

async function onlyType(prepare, given, index) {
  for (const type of ["uuid", "bigint", "bytea", "text"]) {
    given[index] = type;
    try {
      await prepare();
      return type;
    } catch (error) {
      // Another parameter's turn.
      if (/could not determine data type/.test(error.stderr)) return type;
    }
  }
  throw new Error(`no type fits parameter ${index + 1}`);
}

// Posts once, on a server that starts and stops for it, and gives what ran.
export async function postedStatements(postgres, start) {
  let posted;
  const statements = await logged(postgres, async () => {
    const server = await start();
    try {
      const { token } = await makeAccount(server.url);
      const answer = await fetch(`${server.url}/api/activities`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ message, ttl: "1-day" }),
      });
      posted = await answer.json();
      if (answer.status !== 201) throw new Error(JSON.stringify(posted));
    } finally {
      await server.stop();
    }
  });
  for (const each of statements) each.types = await parameterTypes(postgres, each.text);
  return { statements, id: posted.uuid, author: posted.author.uuid };
}

// The same statements for another post each time: its id is new, its author one of `users`. Each
// script is one author's, and pgbench takes them in turn. Gives pgbench's arguments, and stop().
export async function pgbenchScripts({ statements, id, author }, users) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-pgbench-"));
  const stop = ownFolder(folder);
  await chmod(folder, 0o755);
  const variables = new Map([["none", "none"]]);
  const name = (value) => {
    for (const [known, its] of variables) if (its === value && known !== "none") return known;
    variables.set(`v${variables.size}`, value);
    return `v${variables.size - 1}`;
  };
  // What stands for a parameter. pgbench gives each mention a parameter of its own, whose type is
  // not told by the others, and has no null.
  const expression = (value, type) => {
    if (value === null) return `nullif(:none::text, 'none')::${type}`;
    if (value === id) return `lpad(to_hex(:id::bigint), 32, '0')::${type}`;
    if (value === author) return `:author::${type}`;
    return `:${name(value)}::${type}`;
  };
  const texts = statements.map(({ text, values, types }) =>
    text.replaceAll(/\$(\d+)/g, (_, number) => expression(values[number - 1], types[number - 1])),
  );
  const files = [];
  for (const [i, user] of users.entries()) {
    const file = join(folder, `post${i}.sql`);
    const commands = [
      "\\set n :n + 1",
      "\\set id :client_id * 288230376151711744 + :first + :n",
      "BEGIN;",
      ...texts.map((text) => `${text.replaceAll(":author::", `:author${i}::`)};`),
      "COMMIT;",
    ];
    variables.set(`author${i}`, user);
    await writeFile(file, `${commands.join("\n")}\n`);
    files.push("-f", file);
  }
  const given = [...variables].flatMap(([variable, value]) => ["-D", `${variable}=${value}`]);
  return {
    // Ids of one run don't meet those of another.
    args: () => [
      "-M",
      "prepared",
      ...files,
      ...given,
      "-D",
      "n=0",
      "-D",
      `first=${Date.now() * 65536}`,
    ],
    stop,
  };
}

// A statement's text without its parameters, whichever way they are given.
const shape = (text) =>
  text
    .replaceAll(/nullif\((\$\d+)::text, 'none'\)/g, "$1")
    .replaceAll(/lpad\(to_hex\((\$\d+)::bigint\), 32, '0'\)/g, "$1")
    .replaceAll(/\$\d+(::[a-z]+)?/g, "?")
    .replace(/;$/, "");

// Throws unless pgbench with these arguments runs what the server ran, as the log tells of both.
export async function checkSameStatements(postgres, { statements }, scripts) {
  const ran = await logged(postgres, () => postgres.pgbench(["-t", "1", ...scripts.args()]));
  const [wanted, found] = [statements, ran].map((each) => each.map(({ text }) => shape(text)));
  if (JSON.stringify(wanted) !== JSON.stringify(found)) {
    throw new Error(
      `pgbench does not run what the server runs:\n${wanted.join("\n")}\n\n${found.join("\n")}`,
    );
  }
}
