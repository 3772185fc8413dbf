import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

// An answer of the server does not know of changes that were made to the cache after it was asked for. When it arrives, it
// takes them back; so does another page of a list, which restores the list as it was when the page was asked for. So changes
// that are made while an answer is under way are made once more when it has arrived.

type Write = (data: unknown) => unknown;

// The changes that an answer under way does not know of.
const unseen = new WeakMap<Query, Write[]>();
const followed = new WeakSet<QueryClient>();

/**
 * Changes the data of every query whose key begins with `queryKey`. `change` returns the same object when there is nothing to
 * change. It may be called twice, so it must be idempotent. The data keeps its age.
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
