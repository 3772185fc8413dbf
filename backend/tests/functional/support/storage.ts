// The engines that a suite about storage runs on, and a look at their rows from outside.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after } from "node:test";
import { makeFolder, removeFolder } from "./guard.ts";
import { createDatabase, endOwnCluster, query } from "./postgres.ts";
import type { Settings } from "./server.ts";

export type Engine = "sqlite" | "postgres";
export const engines: readonly Engine[] = ["sqlite", "postgres"];

after(endOwnCluster);

export class Storage implements Disposable {
  readonly engine: Engine;
  readonly dataDir = makeFolder("data");
  readonly #url: string | undefined;

  constructor(engine: Engine, cluster?: string) {
    this.engine = engine;
    this.#url = engine === "postgres" ? createDatabase(cluster) : undefined;
  }

  /** What a server needs to be told to use it. Several may be started on one. */
  get settings(): Settings {
    return {
      CRUDDUR_DATA_DIR: this.dataDir,
      DATABASE_URL: this.#url,
      BACKEND_URL: "http://cruddur.test",
      USER_POOL_SECRET: Buffer.alloc(32, 7).toString("base64"),
    };
  }

  get file(): string {
    return join(this.dataDir, "cruddur.db");
  }

  /** Rows as text. The SQL must mean the same on both engines. */
  rows(sql: string): string[][] {
    if (this.#url) return query(this.#url, sql);
    const database = new DatabaseSync(this.file, { readOnly: true });
    try {
      const found = database.prepare(sql).all() as Record<string, unknown>[];
      return found.map((row) => Object.values(row).map(String));
    } finally {
      database.close();
    }
  }

  count(table: string, where = "1 = 1"): number {
    return Number(this.rows(`SELECT count(*) FROM ${table} WHERE ${where}`)[0]?.[0]);
  }

  execute(sql: string): void {
    if (this.#url) {
      query(this.#url, sql);
      return;
    }
    const database = new DatabaseSync(this.file, { timeout: 10_000 });
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
  }

  [Symbol.dispose](): void {
    removeFolder(this.dataDir);
  }
}

/** The files under a folder that hold a text or bytes. */
export function filesWith(folder: string, text: string | Buffer): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(text);
  });
}
