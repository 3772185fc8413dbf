// A stand-in for a Cognito user pool's issuer: readers by the thousand, without a password each.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const clientId = "bench-client";
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

export async function startIssuer() {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = pair.publicKey.export({ format: "jwk" });
  const keys = [{ ...key, kid: "bench", alg: "RS256", use: "sig" }];
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "application/json" });
    answer.end(JSON.stringify({ keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/eu_Bench`;
  return {
    settings: { IDENTITY_URL: url, IDENTITY_CLIENT_ID: clientId },
    // An access token of the account with this id.
    token(sub) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub, iss: url, client_id: clientId, token_use: "access" };
      const payload = { ...claims, iat: now, exp: now + 3600 };
      const input = `${encode({ alg: "RS256", kid: "bench" })}.${encode(payload)}`;
      return `${input}.${sign("sha256", Buffer.from(input), pair.privateKey).toString("base64url")}`;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

// The id of the nth account, the same each time, as text and as bytes.
export function accountId(n) {
  const bytes = createHash("sha256").update(`bench account ${n}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return { bytes, text: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
}
