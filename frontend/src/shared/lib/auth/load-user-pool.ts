type UserPool = typeof import("./user-pool");

let loading: Promise<UserPool> | undefined;

/** The user pool's client, a chunk of its own: visitors never load it. A failed load is tried again the next time. */
export function loadUserPool(): Promise<UserPool> {
  loading ??= import("./user-pool").catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
