import { expect, it } from "vitest";
import { kindOf } from "./kind";

const origin = "https://cruddur.example";
const assets = new Set(["/assets/index-abc.js", "/theme.js"]);

const asked = (path: string, mode: RequestMode = "cors", method = "GET") =>
  kindOf({ method, mode, url: new URL(path, origin).href }, origin, assets);

it("takes navigations to the client's pages", () => {
  for (const path of ["/", "/sign-in?back=%2F", "/@bea", "/@bea/status/019a", "/no/such/page"]) {
    expect(asked(path, "navigate"), path).toBe("page");
  }
});

it("leaves the server's own pages and files alone", () => {
  for (const path of [
    "/api",
    "/api/docs",
    "/dev/outbox",
    "/metrics",
    "/cognito-idp/",
    "/eu_pool/.well-known/openid-configuration",
    "/icon.svg",
  ]) {
    expect(asked(path, "navigate"), path).toBeUndefined();
  }
});

it("takes its own build's files and the settings, and nothing else", () => {
  expect(asked("/assets/index-abc.js")).toBe("asset");
  expect(asked("/theme.js")).toBe("asset");
  expect(asked("/config.json")).toBe("settings");
  for (const path of [
    "/assets/index-newer.js",
    "/api/activities/home",
    "/cognito-idp/",
    "/sw.js",
    "https://elsewhere.example/theme.js",
    "https://elsewhere.example/config.json",
  ]) {
    expect(asked(path), path).toBeUndefined();
  }
});

it("never takes what changes something", () => {
  expect(asked("/", "navigate", "POST")).toBeUndefined();
  expect(asked("/config.json", "cors", "PUT")).toBeUndefined();
});
