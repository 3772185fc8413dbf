import { beforeEach, expect, it, vi } from "vitest";
import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { accessToken, isMember, sessionStarted, signOut } from "./session";

const pool = vi.hoisted(() => ({ signOut: vi.fn(), currentToken: vi.fn() }));
vi.mock("./load-user-pool", () => ({ loadUserPool: async () => pool }));

const draft = draftKey("post");

beforeEach(() => {
  localStorage.clear();
  pool.signOut.mockResolvedValue(undefined);
  pool.currentToken.mockResolvedValue(null);
  sessionStarted("ada");
  storage.write(draft, "Half a thought");
});

it("forgets drafts when somebody signs out, even if the server can't be told", async () => {
  pool.signOut.mockRejectedValue(new Error("offline"));
  storage.write("cruddur.theme", "dark");
  await expect(signOut()).rejects.toThrow("offline");
  expect(storage.read(draft)).toBeNull();
  expect(storage.read("cruddur.theme")).toBe("dark");
  expect(isMember()).toBe(false);
});

it("keeps drafts through the end of a session for the same person", async () => {
  await accessToken();
  expect(isMember()).toBe(false);
  expect(storage.read(draft)).toBe("Half a thought");
  sessionStarted("ada");
  expect(storage.read(draft)).toBe("Half a thought");
});

it("forgets another's drafts when somebody else signs in", async () => {
  await accessToken();
  sessionStarted("bea");
  expect(storage.read(draft)).toBeNull();
  storage.write(draft, "Mine");
  sessionStarted("bea");
  expect(storage.read(draft)).toBe("Mine");
});
