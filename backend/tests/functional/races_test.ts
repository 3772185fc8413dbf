// Things done to one post at the same moment, whose outcomes must fit together.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts, poolOk } from "./support/accounts.ts";
import { type Activity, call, expect, post, readAll, reply } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { eachAtOnce, until } from "./support/wait.ts";

for (const engine of engines) {
  describe(`races on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let people: Account[];

    before(async () => {
      storage = new Storage(engine);
      server = await startServer({ ...storage.settings, DATABASE_CONNECTIONS: "16" });
      people = await makeAccounts(server, 6);
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const rounds = Array.from({ length: 60 }, (_, i) => i);

    it("a reply that races the deletion of what it answers is there under a tombstone, or refused", async () => {
      const [ada, ...others] = people as [Account, ...Account[]];
      await eachAtOnce(rounds, 6, async (round) => {
        const root = await post(server, ada.token, `race ${round}`);
        const parent = round % 2 ? await reply(server, ada.token, root.uuid, "an answer") : root;
        const send = ({ token }: Account) =>
          call(server, "POST", `/api/activities/${parent.uuid}/reply`, {
            token,
            json: { message: "me too" },
          });
        const removal = call(server, "DELETE", `/api/activities/${parent.uuid}`, {
          token: ada.token,
        });
        const [removed, ...replies] = await Promise.all([removal, ...others.map(send)]);
        assert.equal(removed.status, 204, removed.text);
        const accepted = replies
          .filter((each) => each.status === 201)
          .map((each) => each.json.uuid);
        for (const each of replies)
          assert(each.status === 201 || each.status === 410, `${each.status} ${each.text}`);
        const seen = await call(server, "GET", `/api/activities/${parent.uuid}`);
        if (accepted.length === 0) {
          assert.equal(seen.status, 410, seen.text);
          return;
        }
        assert.equal(seen.status, 200, seen.text);
        assert.equal(seen.json.activity.deleted, true);
        assert.equal(seen.json.activity.replies_count, accepted.length);
        const shown = seen.json.replies.data.map((each: Activity) => each.uuid);
        assert.deepEqual([...shown].sort(), accepted.sort(), "what was accepted is there");
      });
    });

    it("a like that races the deletion of its post succeeds or answers 410", async () => {
      const [ada, ...others] = people as [Account, ...Account[]];
      await eachAtOnce(rounds, 6, async (round) => {
        const { uuid } = await post(server, ada.token, `race ${round}`);
        const like = ({ token }: Account, at: number) =>
          call(
            server,
            ["PUT", "POST", "DELETE"][at % 3] as string,
            `/api/activities/${uuid}/like`,
            { token },
          );
        const removal = call(server, "DELETE", `/api/activities/${uuid}`, { token: ada.token });
        const [removed, ...liked] = await Promise.all([removal, ...others.map(like)]);
        assert.equal(removed.status, 204, removed.text);
        for (const each of liked)
          assert(each.status === 200 || each.status === 410, `${each.status} ${each.text}`);
      });
      assert.equal(storage.count("likes"), 0);
    });

    it("two deletions of one post: one succeeds, the other finds it gone", async () => {
      const [ada] = people as [Account];
      await eachAtOnce(rounds.slice(0, 20), 4, async () => {
        const { uuid } = await post(server, ada.token, "once");
        const remove = () =>
          call(server, "DELETE", `/api/activities/${uuid}`, { token: ada.token });
        const statuses = (await Promise.all([remove(), remove(), remove()])).map(
          (each) => each.status,
        );
        assert.deepEqual(statuses.sort(), [204, 410, 410]);
      });
    });

    it("deleting the last of nested answers clears the tombstones above them", async () => {
      const [ada, grace] = people as [Account, Account];
      const root = await post(server, ada.token, "root");
      const middle = await reply(server, grace.token, root.uuid, "middle");
      const leaf = await reply(server, ada.token, middle.uuid, "leaf");
      const twin = await reply(server, ada.token, middle.uuid, "twin");
      const remove = (uuid: string, { token }: Account) =>
        expect(204, server, "DELETE", `/api/activities/${uuid}`, { token });
      await remove(root.uuid, ada);
      await remove(middle.uuid, grace);
      await remove(leaf.uuid, ada);
      const still = await expect(200, server, "GET", `/api/activities/${twin.uuid}`);
      assert.deepEqual(
        still.json.ancestors.map((each: Activity) => each.deleted),
        [true, true],
      );
      await remove(twin.uuid, ada);
      for (const { uuid } of [root, middle, leaf, twin]) {
        const gone = await call(server, "GET", `/api/activities/${uuid}`);
        assert.equal(gone.status, 410, gone.text);
      }
    });

    it("an account that ends while it posts and likes leaves nothing behind", async () => {
      const [ada] = people as [Account];
      const { uuid } = await post(server, ada.token, "liked by a leaver");
      const [leaver] = (await makeAccounts(server, 1)) as [Account];
      let over = false;
      const made: string[] = [];
      const busy = Array.from({ length: 4 }, async () => {
        while (!over) {
          const posted = await call(server, "POST", "/api/activities", {
            token: leaver.token,
            json: { message: "still here", ttl: "1-hour" },
          });
          if (posted.status === 201) made.push(posted.json.uuid);
          const liked = await call(server, "PUT", `/api/activities/${uuid}/like`, {
            token: leaver.token,
          });
          for (const each of [posted, liked])
            assert([200, 201, 401, 403].includes(each.status), `${each.status} ${each.text}`);
        }
      });
      await until(
        "some posts",
        5_000,
        async () => (await readAll(server, `/api/activities/@${leaver.handle}`)).length > 5,
      );
      await poolOk(server, "DeleteUser", { AccessToken: leaver.token });
      over = true;
      await Promise.all(busy);
      assert.equal((await call(server, "GET", `/api/users/@${leaver.handle}`)).status, 404);
      for (const each of made)
        assert.equal((await call(server, "GET", `/api/activities/${each}`)).status, 410);
      assert.equal(
        (await expect(200, server, "GET", `/api/activities/${uuid}`)).json.activity.likes_count,
        0,
      );
      const home = await readAll(server, "/api/activities/home");
      assert(!home.some((each) => each.message === "still here"));
    });
  });
}
