// JSON Web Tokens, read and forged.
import { createHmac, createPrivateKey, type KeyObject, sign } from "node:crypto";

// biome-ignore lint/suspicious/noExplicitAny: claims of every shape
type Claims = Record<string, any>;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const decode = (part: string): Claims => JSON.parse(Buffer.from(part, "base64url").toString());

export function decodeToken(token: string): { header: Claims; payload: Claims; signature: string } {
  const [header = "", payload = "", signature = ""] = token.split(".");
  return { header: decode(header), payload: decode(payload), signature };
}

export function unsigned(header: object, payload: object): string {
  return `${encode(header)}.${encode(payload)}.`;
}

export function signedRs256(header: object, payload: object, key: KeyObject | string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const using = typeof key === "string" ? createPrivateKey(key) : key;
  return `${input}.${sign("sha256", Buffer.from(input), using).toString("base64url")}`;
}

export function signedHs256(header: object, payload: object, secret: string | Buffer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
