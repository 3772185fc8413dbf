// kill -9 at any moment of reservations, ends and changes: what was acknowledged is there, what has ended opens with no key, and no
// slot is given out twice.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, it } from "node:test";
import { copySealed, distinctKeys, opened, type SealedCopy } from "./drill/sealed_copies.ts";
import { type Account, codeFrom, makeAccount, pool, signIn } from "./support/accounts.ts";
import { call, expect } from "./support/api.ts";
import { keysIn, keysInDatabase } from "./support/keys.ts";
import { type Server, startServer } from "./support/server.ts";
import { type Engine, engines, Storage } from "./support/storage.ts";
import { sleep, until } from "./support/wait.ts";

const rounds = 4;
const writers = 3;
// Of each kind; each is tried with thousands of keys.
const sample = 20;

interface Known {
  uuid: string;
  message: string;
}

class Writers {
  readonly living = new Map<string, Known>();
  readonly ended = new Set<string>();
  readonly doubtful = new Set<string>(); // asked to end, and no answer came
  readonly #author: Account;
  #stopped = false;

  constructor(author: Account) {
    this.#author = author;
  }

  /** Posts and takes back until stop() or until nobody answers. */
  async write(server: Server): Promise<void> {
    this.#stopped = false;
    await Promise.all(Array.from({ length: writers }, (_, at) => this.#one(server, at)));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #one(server: Server, at: number): Promise<void> {
    const { token } = this.#author;
    try {
      for (let turn = at; !this.#stopped; turn++) {
        const message = randomBytes(60).toString("base64url");
        const made = await call(server, "POST", "/api/activities", {
          token,
          json: { message, ttl: "1-day" },
        });
        if (made.status !== 201) continue;
        const { uuid } = made.json;
        this.living.set(uuid, { uuid, message });
        await sleep(5);
        if (turn % 2 === 0) continue;
        this.living.delete(uuid);
        this.doubtful.add(uuid);
        await expect(204, server, "DELETE", `/api/activities/${uuid}`, { token });
        this.doubtful.delete(uuid);
        this.ended.add(uuid);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the server was killed
    }
  }
}

/** Goes from one email to the next until the server is killed; those that the account may have now. */
async function move(server: Server, mover: Account, emails: string[]): Promise<void> {
  try {
    for (;;) {
      const email = `m${randomBytes(9).toString("hex")}@example.com`;
      const UserAttributes = [{ Name: "email", Value: email }];
      const AccessToken = mover.token;
      const code = await codeFrom(server, email, () =>
        pool(server, "UpdateUserAttributes", { AccessToken, UserAttributes }),
      );
      emails.push(email);
      const answer = { AccessToken, AttributeName: "email", Code: code };
      const changed = await pool(server, "VerifyUserAttribute", answer);
      if (changed.status === 200) emails.splice(0, emails.length, email);
    }
  } catch {
    // The server was killed.
  }
}

function allKeys(storage: Storage): Buffer[] {
  if (storage.engine === "postgres") return distinctKeys(keysInDatabase(storage));
  return distinctKeys(keysIn(join(storage.dataDir, "keys", "content.keys")));
}

function sampleOf(copies: SealedCopy[]): SealedCopy[] {
  const byKind = Map.groupBy(copies, ({ what }) => what);
  return [...byKind.values()].flatMap((all) => {
    const step = Math.ceil(all.length / sample);
    return all.filter((_, at) => at % step === 0);
  });
}

async function killedAtAnyMoment(engine: Engine): Promise<void> {
  using storage = new Storage(engine);
  let server = await startServer(storage.settings);
  const author = await makeAccount(server);
  let mover = await makeAccount(server);
  const work = new Writers(author);
  const emails = [mover.email];
  const copies = new Map<string, SealedCopy>();
  for (let round = 0; round < rounds; round++) {
    const writing = work.write(server);
    const moving = move(server, mover, emails);
    for (let look = 0; look < 3; look++) {
      await sleep(120 + 61 * round);
      for (const [slot, copy] of copySealed(storage)) {
        const before = copies.get(slot);
        assert(!before || before.sealed.equals(copy.sealed), "a slot has one content only");
        copies.set(slot, copy);
      }
    }
    await server.kill();
    work.stop();
    await Promise.all([writing, moving]);
    server = await startServer(storage.settings);
    for (const email of emails) {
      const signedIn = await signIn(server, { ...mover, email }).catch(() => undefined);
      if (signedIn) mover = signedIn;
    }
    assert(emails.includes(mover.email), "the account has the last email that was acknowledged");
    emails.splice(0, emails.length, mover.email);
  }
  for (const { uuid, message } of work.living.values()) {
    const { json } = await expect(200, server, "GET", `/api/activities/${uuid}`);
    assert.equal(json.activity.message, message);
  }
  for (const uuid of work.ended) await expect(410, server, "GET", `/api/activities/${uuid}`);
  await until("the ended keys to go", 20_000, () => storage.count("ended_keys") === 0);
  await server.stop();
  const now = copySealed(storage);
  const ended = [...copies.values()].filter(({ slot }) => !now.has(slot));
  const keys = allKeys(storage);
  assert(ended.length > 10 && work.living.size > 10, "there was something to lose");
  const tried = sampleOf(ended);
  assert.deepEqual(
    opened(tried, keys).map(({ what }) => what),
    [],
  );
  const control = sampleOf([...now.values()]);
  assert.equal(opened(control, keys).length, control.length, "what lives opens");
}

describe("kill -9", () => {
  for (const engine of engines)
    it(`leaves what lives and nothing of what has ended, on ${engine}`, () =>
      killedAtAnyMoment(engine));
});
