import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { accessToken, isMember, onSessionChange, sessionStarted, signOut } from "./session";

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

const key = "cruddur.signed-in";

it("tells of somebody else who has come in another tab", () => {
  const changed = vi.fn();
  onTestFinished(onSessionChange(changed));
  const came = (newValue: string) =>
    window.dispatchEvent(new StorageEvent("storage", { key, newValue }));
  came("ada");
  expect(changed).not.toHaveBeenCalled();
  came("bea");
  expect(changed).toHaveBeenCalledOnce();
  expect(isMember()).toBe(true);
});

it("looks who is there when the page comes back from the history", () => {
  const shown = (persisted: boolean) =>
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted }));
  localStorage.removeItem(key);
  shown(false);
  expect(isMember()).toBe(true);
  shown(true);
  expect(isMember()).toBe(false);
});

it("takes a mark without an id for somebody", async () => {
  localStorage.setItem(key, "1");
  vi.resetModules();
  const fresh = await import("./session");
  expect(fresh.isMember()).toBe(true);
});
