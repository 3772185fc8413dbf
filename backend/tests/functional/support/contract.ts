// Checks answers against api/openapi.yaml.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { contractFile } from "./paths.ts";

interface DescribedHeader {
  $ref?: string;
  required?: boolean;
  schema?: { type: string };
}
interface Described {
  $ref?: string;
  headers?: Record<string, DescribedHeader>;
  content?: Record<string, { schema: object }>;
}
interface DescribedOperation {
  operationId: string;
  description: string;
  tags: string[];
  security?: object[];
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, Described>;
}

export interface Operation extends DescribedOperation {
  method: string;
  path: string;
  pattern: RegExp;
}

const document = parse(readFileSync(contractFile, "utf8"));
// Those of the contract, and those that tell what is malformed in a request that is no proper HTTP.
const knownCodes: string[] = [
  ...document.components.schemas.ErrorCode.enum,
  "chunk_malformed",
  "expectation_unknown",
  "framing_invalid",
  "header_malformed",
  "host_invalid",
  "line_ending_invalid",
  "request_malformed",
  "target_invalid",
  "transfer_coding_unknown",
  "version_not_supported",
];
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat("uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
ajv.addFormat("int64", true);
ajv.addFormat("uri", (text: string) => URL.canParse(text));
ajv.addFormat("uri-reference", (text: string) => URL.canParse(text, "http://localhost"));
ajv.addSchema({ ...document, $id: "contract" });

function pattern(path: string): RegExp {
  const escaped = path.replace(/[.]/g, "\\.").replace(/\{[^}]+\}/g, "[^/]+");
  return new RegExp(`^${escaped}$`);
}

/** Every operation of the contract. Paths without parameters come first, as they win. */
export const operations: Operation[] = Object.entries<Record<string, DescribedOperation>>(
  document.paths,
)
  .flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ["get", "put", "post", "delete", "patch"].includes(method))
      .map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
        pattern: pattern(path),
      })),
  )
  .sort((a, b) => placeholders(a.path) - placeholders(b.path));

function placeholders(path: string): number {
  return path.split("{").length;
}

export const operationName = (each: Operation) => `${each.method} ${each.path}`;

export function needsSignIn(each: Operation): boolean {
  return each.security !== undefined && !each.security.some((one) => Object.keys(one).length === 0);
}

export function takesToken(each: Operation): boolean {
  return each.security !== undefined;
}

function follow<T extends { $ref?: string }>(what: T): T {
  if (!what.$ref) return what;
  let at = document;
  for (const step of what.$ref.slice(2).split("/")) at = at[step];
  return at as T;
}

const compiled = new Map<object, ValidateFunction>();

function validator(schema: object): ValidateFunction {
  let found = compiled.get(schema);
  if (!found) {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/'));
    found = ajv.compile(absolute);
    compiled.set(schema, found);
  }
  return found;
}

export function schemaNamed(name: string): ValidateFunction {
  return validator(document.components.schemas[name]);
}

export function propertiesOf(name: string): string[] {
  return Object.keys(document.components.schemas[name].properties);
}

export function findOperation(method: string, path: string): Operation | undefined {
  return operations.find((each) => each.method === method && each.pattern.test(path));
}

/** The operation that operationName() names so. */
export function operationNamed(name: string): Operation {
  const found = operations.find((each) => operationName(each) === name);
  assert(found, `the contract has no ${name}`);
  return found;
}

// Those that no answer may have unless the contract says so of it.
const told = ["retry-after", "ratelimit", "ratelimit-policy"];

function assertHeadersInContract(response: Described, headers: Headers, where: string): void {
  const described = response.headers ?? {};
  for (const [name, header] of Object.entries(described)) {
    const { required, schema } = follow(header);
    const value = headers.get(name);
    if (required) assert(value !== null, `no ${name}: ${where}`);
    if (value === null || !schema) continue;
    const validate = validator(schema);
    const typed = schema.type === "integer" ? Number(value) : value;
    assert(validate(typed), `${name}: ${value} ${ajv.errorsText(validate.errors)}: ${where}`);
  }
  const unsaid = told.filter((name) => headers.has(name) && !(name in described));
  assert.deepEqual(unsaid, [], `headers that the contract does not name: ${where}`);
}

/** The names of the headers that an operation's answer with this status may have. */
export function headersOf(operation: Operation, status: string): string[] {
  const described = operation.responses[status];
  return described ? Object.keys(follow(described).headers ?? {}) : [];
}

/** Fails when the contract does not allow this answer. Paths that it does not know are left alone. */
export function assertInContract(
  method: string,
  target: string,
  answer: { status: number; headers: Headers; text: string },
): void {
  const operation = findOperation(method, target.split("?", 1)[0] as string);
  if (!operation || answer.status === 304) return;
  const where = `${operation.method} ${target} → ${answer.status} ${answer.text.slice(0, 300)}`;
  const listed = operation.responses[String(answer.status)];
  // Refusals before the handler (405, 413, 503, …) are the same for every operation.
  const general: Described | undefined =
    answer.status >= 400 ? { $ref: "#/components/responses/Problem" } : undefined;
  const described = listed ?? operation.responses.default ?? general;
  assert(described, `the contract has no such status: ${where}`);
  const response = follow(described);
  assertHeadersInContract(response, answer.headers, where);
  if (!response.content) {
    assert.equal(answer.text, "", `a body where the contract has none: ${where}`);
    return;
  }
  const type = answer.headers.get("content-type")?.split(";", 1)[0] ?? "";
  const content = response.content[type];
  assert(content, `the contract has no ${type || "body without type"}: ${where}`);
  if (!type.endsWith("json") && !type.endsWith("json-1.1")) return;
  const validate = validator(content.schema);
  const body = JSON.parse(answer.text) as { errors: string[] };
  assert(validate(body), `${ajv.errorsText(validate.errors)}: ${where}`);
  for (const code of type === "application/problem+json" ? body.errors : []) {
    assert(knownCodes.includes(code), `the contract has no code ${code}: ${where}`);
  }
}
