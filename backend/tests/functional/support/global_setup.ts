// Loaded once by bin/test and ./run (node --test-global-setup): one PostgreSQL cluster for all files.
import { PostgresCluster, shareCluster } from "./postgres.ts";

let cluster: PostgresCluster;

export function globalSetup(): void {
  cluster = new PostgresCluster();
  shareCluster(cluster);
}

export async function globalTeardown(): Promise<void> {
  await cluster.end();
}
