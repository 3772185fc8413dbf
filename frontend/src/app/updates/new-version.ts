import { createStore } from "@/shared/lib/store";
import { minute } from "@/shared/lib/time/duration";

// The page's side of the service worker (service-worker/worker.ts). A new build's worker waits until a person agrees; then it
// takes over, and every tab that showed the old build loads anew, once.

const lookEvery = 60 * minute;
const lookAgainAfter = minute; // when one comes back to the page

/** The worker of a newer build, if there is one. */
export const newVersion = createStore<ServiceWorker | null>(null);

let keeping: Promise<void> | undefined;

/** Installs the service worker and looks for newer ones from now on, once in a page. Where there can be none, nothing happens. */
export function keepUpToDate(): Promise<void> {
  keeping ??= install();
  return keeping;
}

async function install(): Promise<void> {
  if (!("serviceWorker" in navigator)) return; // not a secure origin
  try {
    follow(await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }));
  } catch {
    // Blocked, or no network: the client works without.
  }
}

/** Lets the new version take over; the page loads anew when it has. */
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
    // Also when another tab agreed: what this one has not loaded yet went with the old build's files.
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
