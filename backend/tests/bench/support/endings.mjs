// What a benchmark started ends with it, however it ends: processes and folders that still are when
// this process exits are ended and removed then.
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";

const endings = new Set();

// Runs `ending`, which can't wait for anything, when this process exits. Gives what cancels that.
export function atExit(ending) {
  endings.add(ending);
  return () => endings.delete(ending);
}

// Gives a function that ends a child in order and is done once it is gone.
export function ownChild(child, signal = "SIGTERM") {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const cancel = atExit(() => child.kill("SIGKILL"));
  return async () => {
    child.kill(signal);
    await gone;
    cancel();
  };
}

// Gives a function that removes a folder.
export function ownFolder(folder) {
  const cancel = atExit(() => rmSync(folder, { recursive: true, force: true }));
  return async () => {
    await rm(folder, { recursive: true, force: true });
    cancel();
  };
}

process.on("exit", () => {
  // The last that came first: a folder goes after who writes into it.
  for (const ending of [...endings].reverse()) {
    try {
      ending();
    } catch (error) {
      console.error(error);
    }
  }
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
