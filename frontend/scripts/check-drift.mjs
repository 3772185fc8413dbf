// Fails when src/generated/api.d.ts is not what `npm run generate` makes of api/openapi.yaml.
import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const contract = new URL("../../api/openapi.yaml", import.meta.url);
const generated = new URL("../src/generated/api.d.ts", import.meta.url);

const fresh = COMMENT_HEADER + astToString(await openapiTS(contract));
if (fresh !== (await readFile(generated, "utf8"))) {
  console.error("src/generated/api.d.ts has drifted from api/openapi.yaml: npm run generate");
  process.exit(1);
}
