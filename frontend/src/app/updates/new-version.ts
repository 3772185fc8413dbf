import { createStore } from "@/shared/lib/store";
import { minute } from "@/shared/lib/time/duration";

// The page's side of the service worker (service-worker/worker.ts). The worker of a new build waits until a person agrees. Then
// it takes over, and every tab that shows the old build reloads once.

const lookEvery = 60 * minute;
// At least so long after the last look, another one is taken when one comes back to the page.
const lookAgainAfter = minute;

/** The worker of a newer build, if there is one. */
export const newVersion = createStore<ServiceWorker | null>(null);

let keeping: Promise<void> | undefined;

/**
 * Installs the service worker and from now on looks for newer ones. Only the first call does so. Without service workers,
 * nothing happens.
 */
export function keepUpToDate(): Promise<void> {
  keeping ??= install();
  return keeping;
}

async function install(): Promise<void> {
  // Not a secure origin.
  if (!("serviceWorker" in navigator)) return;
  try {
    follow(await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }));
  } catch {
    // Blocked, or no network. The client works without a service worker.
  }
}

/** Lets the new version take over. The page reloads when it has done so. */
export function takeOver(worker: ServiceWorker): void {
  worker.postMessage("take over");
}

function follow(registration: ServiceWorkerRegistration): void {
  const note = () => {
    if (registration.waiting && registration.active) announce(registration.waiting);
  };
  const waitFor = () => registration.installing?.addEventListener("statechange", note);
  note();
  waitFor();
  registration.addEventListener("updatefound", waitFor);
  lookFrom(registration);
}

function announce(worker: ServiceWorker): void {
  if (newVersion.get() === worker) return;
  newVersion.set(worker);
  worker.addEventListener("statechange", () => {
    // This tab reloads even when it was another that agreed: the old build's files, of which it may need more, are gone.
    if (worker.state === "activated") window.location.reload();
    if (worker.state === "redundant" && newVersion.get() === worker) newVersion.set(null);
  });
}

function lookFrom(registration: ServiceWorkerRegistration): void {
  let lookedAt = Date.now();
  const look = () => {
    lookedAt = Date.now();
    registration.update().catch(() => undefined);
  };
  setInterval(look, lookEvery);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - lookedAt > lookAgainAfter) look();
  });
}
