// Many clients that post without pause, each post with a key of its own, and a memory of what was
// acknowledged: what a server must still have after whatever happened to it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Account } from "./accounts.ts";
import { type Activity, call, readAll } from "./api.ts";
import type { Server } from "./server.ts";
import { eachAtOnce } from "./wait.ts";

type At = Pick<Server, "url">;

interface Sent {
  key: string;
  message: string;
  by: Account;
  uuid?: string; // once it was acknowledged
}

export class Storm {
  readonly sent: Sent[] = [];
  refused = 0; // answers with 5xx
  lost = 0; // requests without an answer
  #people: Account[];
  #stopped = false;

  constructor(people: Account[]) {
    this.#people = people;
  }

  get acknowledged(): number {
    return this.sent.reduce((count, each) => count + (each.uuid ? 1 : 0), 0);
  }

  /** Posts until stop(). Each client stops by itself when nobody answers any more. */
  async rage(server: At, clients: number): Promise<void> {
    this.#stopped = false;
    await eachAtOnce(Array.from({ length: clients }), clients, async () => {
      while (!this.#stopped) {
        const by = this.#people[this.sent.length % this.#people.length] as Account;
        const one: Sent = { key: randomUUID(), message: `storm ${this.sent.length}`, by };
        this.sent.push(one);
        if (!(await this.#send(server, one))) return;
      }
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  async #send(server: At, one: Sent): Promise<boolean> {
    let answer: Awaited<ReturnType<typeof call>>;
    try {
      answer = await call(server, "POST", "/api/activities", {
        token: one.by.token,
        json: { message: one.message, ttl: "1-day" },
        headers: { "idempotency-key": one.key },
      });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      ++this.lost;
      return false;
    }
    if (answer.status >= 500) {
      ++this.refused;
      return true;
    }
    assert(answer.status === 201 || answer.status === 200, answer.text);
    if (one.uuid) assert.equal(answer.json.uuid, one.uuid, "a repeat answers as the first time");
    one.uuid = answer.json.uuid;
    return true;
  }

  /** Repeats what was not acknowledged, and some that was, until all is. */
  async repeat(server: At): Promise<void> {
    const open = this.sent.filter((each, at) => !each.uuid || at % 10 === 0);
    await eachAtOnce(open, 32, (each) => this.#send(server, each));
    assert.equal(this.acknowledged, this.sent.length);
  }

  /** Fails unless every acknowledged post is there, and nothing twice. */
  async verify(server: At): Promise<void> {
    for (const who of this.#people) {
      const found = new Map<string, Activity>();
      for (const each of await readAll(server, `/api/activities/@${who.handle}`)) {
        assert(!found.has(each.message), `twice: ${each.message}`);
        found.set(each.message, each);
      }
      for (const each of this.sent) {
        if (each.by !== who || !each.uuid) continue;
        assert.equal(
          found.get(each.message)?.uuid,
          each.uuid,
          `acknowledged and lost: ${each.message}`,
        );
      }
    }
  }
}
