import { createStore } from "./store";

/** Whether the device has a network, as far as the browser knows. */
export const online = createStore(navigator.onLine);

for (const event of ["online", "offline"] as const) {
  window.addEventListener(event, () => online.set(event === "online"));
}
