type UserPool = typeof import("./user-pool");

let loading: Promise<UserPool> | undefined;

/** Loads the user pool's client, a chunk of its own that visitors never need. After a failure the next call tries again. */
export function loadUserPool(): Promise<UserPool> {
  loading ??= import("./user-pool").catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
