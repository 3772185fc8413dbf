// Loaded once by `npm run test:browser` (node --test-global-setup): what all test files begin with.
import { rmSync } from "node:fs";
import { beginWith, Server } from "./server.ts";

let folder: string | undefined;

export async function globalSetup(): Promise<void> {
  const server = await Server.start();
  folder = await server.retire();
  beginWith(folder);
}

export function globalTeardown(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
}
