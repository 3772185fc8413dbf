import { accessToken, knownToken, renewToken } from "@/shared/lib/auth/session";
import { observeServerTime } from "@/shared/lib/time/clock";
import { Unreachable } from "./problem";

/** fetch() for the API: adds the access token, renews one that the server refuses, and reads the server's clock. */
export async function send(request: Request): Promise<Response> {
  const token = await accessToken();
  if (!token) return timed(request);
  const again = request.clone();
  const response = await timed(signed(request, token));
  if (response.status !== 401) return response;
  const renewed = await renewToken(token);
  return timed(renewed ? signed(again, renewed) : again);
}

/** The same for a page that is about to close: the request is sent before this returns, with the token that is at hand. */
export function sendAtOnce(request: Request): Promise<Response> {
  const token = knownToken();
  return timed(token ? signed(request, token) : request);
}

function signed(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

async function timed(request: Request): Promise<Response> {
  const sentAt = Date.now();
  try {
    const response = await fetch(request);
    const serverTime = response.headers.get("x-server-time");
    if (serverTime) observeServerTime(Number(serverTime), sentAt, Date.now());
    return response;
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new Unreachable("no answer", { cause });
  }
}
