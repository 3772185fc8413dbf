// A small community whose every word is known: what lives, and what has ended.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  type Account,
  codeFrom,
  draftAccount,
  makeAccounts,
  poolOk,
  signUp,
} from "../support/accounts.ts";
import { type Activity, advanceClock, expect, post, reply } from "../support/api.ts";
import type { Server } from "../support/server.ts";
import { eachAtOnce } from "../support/wait.ts";

export interface Size {
  people: number;
  posts: number;
}

interface Written {
  activity: Activity;
  by: Account;
}

const atOnce = 16;
const longest = 260;

export class Community {
  /** Ended texts, emails, handles and names. */
  readonly ended: string[] = [];
  readonly people: Account[] = [];
  readonly living: Written[] = [];
  #short: Written[] = [];
  #serial = 0;

  /** No two texts share 16 bytes. Lengths are those at which pages split here and there. */
  #text(): string {
    const words = randomBytes(longest).toString("base64url");
    return words.slice(0, 20 + ((this.#serial++ * 37) % (longest - 20)));
  }

  async settle(server: Server, { people, posts }: Size): Promise<void> {
    this.people.push(...(await makeAccounts(server, people)));
    await eachAtOnce(Array.from({ length: posts }), atOnce, async (_, at) => {
      const by = this.people[at % people] as Account;
      const ttl = at % 2 === 0 ? "1-hour" : "30-days";
      const activity = await post(server, by.token, this.#text(), ttl);
      (at % 2 === 0 ? this.#short : this.living).push({ activity, by });
      if (at % 3 !== 0) return;
      const answerer = this.people[(at + 1) % people] as Account;
      const answer = await reply(server, answerer.token, activity.uuid, this.#text());
      (at % 2 === 0 ? this.#short : this.living).push({ activity: answer, by: answerer });
    });
  }

  #end(written: Iterable<Written>): void {
    for (const { activity } of written) this.ended.push(activity.message);
  }

  /** Authors take back every fourth of what would have lived on. */
  async takeBack(server: Server): Promise<void> {
    const chosen = this.living.filter((_, at) => at % 4 === 0);
    await eachAtOnce(chosen, atOnce, async ({ activity, by }) => {
      await expect(204, server, "DELETE", `/api/activities/${activity.uuid}`, { token: by.token });
    });
    this.#forget(chosen);
  }

  #forget(gone: readonly Written[]): void {
    this.#end(gone);
    for (const each of gone) this.living.splice(this.living.indexOf(each), 1);
  }

  /** The time of the short-lived is over. */
  async expire(server: Server): Promise<void> {
    await advanceClock(server, 3600);
    this.#end(this.#short.splice(0));
  }

  /** One in four accounts is deleted, one in four gets another email; one sign-up gives way to another one. */
  async leave(server: Server): Promise<void> {
    const leavers = this.people.filter((_, at) => at % 4 === 1);
    for (const leaver of leavers) {
      await poolOk(server, "DeleteUser", { AccessToken: leaver.token });
      this.ended.push(leaver.email, leaver.handle, leaver.name);
      this.people.splice(this.people.indexOf(leaver), 1);
    }
    this.#forget(this.living.filter(({ by }) => leavers.includes(by)));
    for (const mover of this.people.filter((_, at) => at % 4 === 1))
      await this.#move(server, mover);
    const stranger = draftAccount(`stranger_${randomBytes(6).toString("hex")}`);
    const owner = {
      ...draftAccount(`owner_${randomBytes(6).toString("hex")}`),
      email: stranger.email,
    };
    for (const each of [stranger, owner]) assert.equal((await signUp(server, each)).status, 200);
    this.ended.push(stranger.handle, stranger.name);
  }

  async #move(server: Server, mover: Account): Promise<void> {
    const email = `moved_${randomBytes(6).toString("hex")}@example.com`;
    const UserAttributes = [{ Name: "email", Value: email }];
    const code = await codeFrom(server, email, () =>
      poolOk(server, "UpdateUserAttributes", { AccessToken: mover.token, UserAttributes }),
    );
    const answer = { AccessToken: mover.token, AttributeName: "email", Code: code };
    await poolOk(server, "VerifyUserAttribute", answer);
    this.ended.push(mover.email);
    mover.email = email;
  }

  get livingTexts(): string[] {
    return this.living.map(({ activity }) => activity.message);
  }
}
