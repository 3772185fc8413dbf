// Keeps the files of the client, so that it starts at once and without a network. It never keeps an answer of the API.
//
// Pages come from the cache first. So a page and all its scripts are of one build, the one that this worker was built with. A
// newer build has a worker of its own, which waits until the page lets it take over (src/app/updates/).
import { kindOf, settingsPath } from "./kind";

declare const self: ServiceWorkerGlobalScope;

/** Set by the build (vite/service-worker.ts): the paths of its files with their digests, and a digest of all of them. */
declare const FILES: readonly (readonly [path: string, integrity: string])[];
declare const BUILD: string;

const prefix = "cruddur-shell-";
const shell = prefix + BUILD;
const settings = "cruddur-settings";
const page = "/";
// Milliseconds to wait for new settings when there are old ones.
const settingsTime = 3_000;

const files = FILES;
const paths = new Set(files.map(([path]) => path));

/**
 * Fetches all files. A file of another build, which was deployed meanwhile, has another digest: the installation then fails.
 */
async function install(): Promise<void> {
  const cache = await caches.open(shell);
  await cache.addAll(
    files.map(([path, integrity]) => {
      const hashed = path.startsWith("/assets/");
      return new Request(path, { integrity, cache: hashed ? "default" : "no-cache" });
    }),
  );
  await newSettings().catch(() => undefined);
}

async function forgetOtherBuilds(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== shell);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(path: string): Promise<Response | undefined> {
  return (await caches.open(shell)).match(path, { ignoreVary: true });
}

/**
 * Keeps the headers that the server now sends with the page up to date. When the page is of another build, looks for its
 * worker.
 */
async function renewPage(): Promise<void> {
  const fresh = await fetch(page, { cache: "no-cache" });
  const old = await kept(page);
  if (!fresh.ok || !old) return;
  const isSame = (await fresh.clone().text()) === (await old.text());
  if (isSame) await (await caches.open(shell)).put(page, fresh);
  else await self.registration.update();
}

async function newSettings(): Promise<Response> {
  const answer = await fetch(settingsPath, { cache: "no-cache" });
  if (answer.ok) await (await caches.open(settings)).put(settingsPath, answer.clone());
  return answer;
}

/** The newest settings. Without a network, or when it is too slow, the last good ones. */
async function anySettings(): Promise<Response> {
  const old = await (await caches.open(settings)).match(settingsPath, { ignoreVary: true });
  const fresh = newSettings();
  if (!old) return fresh;
  const late = new Promise<Response>((resolve) => setTimeout(resolve, settingsTime, old));
  return Promise.race([fresh, late]).then(
    (answer) => (answer.ok ? answer : old),
    () => old,
  );
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOtherBuilds()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  switch (kindOf(request, self.location.origin, paths)) {
    case "page":
      event.respondWith(kept(page).then((found) => found ?? fetch(request)));
      event.waitUntil(renewPage().catch(() => undefined));
      break;
    case "asset":
      event.respondWith(
        kept(new URL(request.url).pathname).then((found) => found ?? fetch(request)),
      );
      break;
    case "settings":
      event.respondWith(anySettings());
  }
});
