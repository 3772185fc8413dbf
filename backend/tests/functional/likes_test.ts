import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { type Activity, expect, post, readAll } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { eachAtOnce, until } from "./support/wait.ts";

for (const engine of engines) {
  describe(`likes on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let ada: Account;
    let grace: Account;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer(storage.settings);
      [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const thread = async (uuid: string, token?: string) =>
      (await expect(200, server, "GET", `/api/activities/${uuid}`, { token })).json;

    it("a like counts once per person, and a reader sees their own", async () => {
      const { uuid } = await post(server, ada.token, "like me");
      const like = (method: string, who: Account) =>
        expect(200, server, method, `/api/activities/${uuid}/like`, { token: who.token });
      assert.deepEqual((await like("PUT", grace)).json, { uuid, liked: true, likes_count: 1 });
      assert.deepEqual((await like("PUT", grace)).json, { uuid, liked: true, likes_count: 1 });
      assert.deepEqual((await like("PUT", ada)).json, { uuid, liked: true, likes_count: 2 });
      const seenBy = async (token?: string) => {
        const home = await expect(200, server, "GET", "/api/activities/home", { token });
        return home.json.data.find((each: Activity) => each.uuid === uuid);
      };
      assert.equal((await seenBy(grace.token)).viewer.liked, true);
      assert.equal((await seenBy()).viewer.liked, false);
      assert.equal((await thread(uuid, grace.token)).activity.viewer.liked, true);
      assert.deepEqual((await like("DELETE", ada)).json, { uuid, liked: false, likes_count: 1 });
      assert.deepEqual((await like("DELETE", ada)).json, { uuid, liked: false, likes_count: 1 });
      assert.deepEqual((await like("POST", ada)).json, { uuid, liked: true, likes_count: 2 });
      assert.deepEqual((await like("POST", ada)).json, { uuid, liked: false, likes_count: 1 });
      assert.equal((await seenBy(ada.token)).viewer.liked, false);
    });

    it("two hundred clients liking and unliking at once leave a count that equals the rows", async () => {
      const crowd = await makeAccounts(server, 200);
      const { uuid } = await post(server, ada.token, "the crowd");
      const methods = ["PUT", "DELETE", "POST"];
      const finals = await eachAtOnce(crowd, 200, async (who, index) => {
        let last = false;
        for (let turn = 0; turn < 5; ++turn) {
          const method = methods[(index + turn) % 3] as string;
          const answer = await expect(200, server, method, `/api/activities/${uuid}/like`, {
            token: who.token,
          });
          last = answer.json.liked;
        }
        return last;
      });
      const wanted = finals.filter(Boolean).length;
      assert(wanted > 0 && wanted < 200);
      assert.equal((await thread(uuid)).activity.likes_count, wanted);
      const atHome = async () =>
        (await readAll(server, "/api/activities/home")).find((each) => each.uuid === uuid);
      await until(
        "home to show the same",
        1_000,
        async () => (await atHome())?.likes_count === wanted,
      );
      const seen = await eachAtOnce(
        crowd,
        20,
        async (who) => (await thread(uuid, who.token)).activity.viewer.liked,
      );
      assert.deepEqual(seen, finals, "everyone sees their own like");
      const id =
        engine === "sqlite"
          ? `lower(hex(activity_uuid)) = '${uuid.replaceAll("-", "")}'`
          : `activity_uuid = '${uuid}'`;
      assert.equal(storage.count("likes", id), wanted);
    });

    it("one person's toggles at once keep count and row together", async () => {
      const { uuid } = await post(server, ada.token, "toggled");
      const toggles = await Promise.all(
        Array.from({ length: 51 }, () =>
          expect(200, server, "POST", `/api/activities/${uuid}/like`, { token: grace.token }),
        ),
      );
      for (const each of toggles) assert.equal(each.json.likes_count, each.json.liked ? 1 : 0);
      const { viewer, likes_count } = (await thread(uuid, grace.token)).activity;
      const { liked } = viewer;
      assert.equal(likes_count, liked ? 1 : 0);
      assert.equal(liked, true, "an odd number of toggles");
    });
  });
}
