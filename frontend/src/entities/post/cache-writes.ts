import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

// An answer knows nothing of what was written while it was on its way, and a list that gets one more page is put back as it
// was when that page was asked for. So what is written meanwhile is written once more when the answer has come.

type Write = (data: unknown) => unknown;

const unseen = new WeakMap<Query, Write[]>(); // what the answer under way does not know
const followed = new WeakSet<QueryClient>();

/**
 * Changes the data of every query whose key begins with `queryKey`; the same data back means no change. `change` may be made
 * twice and must come to the same. What is changed stays as old as it was.
 */
export function write<Data>(
  client: QueryClient,
  queryKey: QueryKey,
  change: (data: Data) => Data,
): void {
  follow(client);
  const made = change as Write;
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    if (query.state.fetchStatus !== "idle") {
      unseen.set(query, [...(unseen.get(query) ?? []), made]);
    }
    apply(client, query, made);
  }
}

function apply(client: QueryClient, query: Query, change: Write): void {
  const { data, dataUpdatedAt: updatedAt } = query.state;
  if (data === undefined) return;
  const next = change(data);
  if (next !== data) client.setQueryData(query.queryKey, next, { updatedAt });
}

function follow(client: QueryClient): void {
  if (followed.has(client)) return;
  followed.add(client);
  client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated") return;
    const { query, action } = event;
    if (action.type === "success" && action.manual) return;
    if (!["fetch", "success", "error"].includes(action.type)) return;
    const missed = unseen.get(query) ?? [];
    unseen.delete(query);
    if (action.type === "success") for (const change of missed) apply(client, query, change);
  });
}
