import createClient, { type Client } from "openapi-fetch";
import type { paths } from "@/generated/api";
import { config } from "@/shared/lib/config";
import { toProblem } from "./problem";
import { send } from "./send";

let client: Client<paths> | undefined;

/** The typed client of api/openapi.yaml. The configuration must have been loaded before. */
export function api(): Client<paths> {
  client ??= createClient<paths>({
    baseUrl: config().api_origin || window.location.origin,
    fetch: send,
  });
  return client;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer. Throws ApiProblem for any other. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) {
    throw toProblem(response.status, error, response.headers.get("retry-after"));
  }
  return data as T;
}
