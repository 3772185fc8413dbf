// Schemas as readable types and property tables.
import { escapeHtml, markdown } from "./html.mjs";

export const nameOf = (reference) => reference.split("/").at(-1);

export const resolve = (contract, value) =>
  value?.$ref
    ? value.$ref
        .slice(2)
        .split("/")
        .reduce((node, key) => node[key], contract)
    : value;

const link = (reference) =>
  `<a href="#schema-${nameOf(reference)}">${escapeHtml(nameOf(reference))}</a>`;

/** A schema in a few words: `string (uuid)`, `list of Activity`. */
export function typeOf(schema) {
  if (!schema) return "anything";
  if (schema.$ref) return link(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => `<code>${escapeHtml(value)}</code>`).join(" ");
  if (schema.const !== undefined) return `<code>${escapeHtml(schema.const)}</code>`;
  if (schema.allOf)
    return schema.allOf
      .filter((part) => part.$ref)
      .map(typeOf)
      .join(" and ");
  const types = [schema.type ?? "anything"].flat();
  const words = types.map((type) => {
    if (type === "array") return `list of ${typeOf(schema.items)}`;
    if (type === "object" && typeof schema.additionalProperties === "object") {
      return `map to ${typeOf(schema.additionalProperties)}`;
    }
    return escapeHtml(type);
  });
  return words.join(" or ") + bounds(schema);
}

function bounds({ format, pattern, minimum, maximum, default: usual }) {
  const parts = [];
  if (format) parts.push(escapeHtml(format));
  if (minimum !== undefined && maximum !== undefined) parts.push(`${minimum} to ${maximum}`);
  else if (minimum !== undefined) parts.push(`from ${minimum}`);
  if (usual !== undefined) parts.push(`default ${escapeHtml(usual)}`);
  if (pattern) parts.push(`<code>${escapeHtml(pattern)}</code>`);
  return parts.length > 0 ? ` <small>(${parts.join(", ")})</small>` : "";
}

/** The members of an object, those of its parts and of nested objects included. */
function members(schema, prefix = "") {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const row = {
      name: prefix + name,
      required: schema.required?.includes(name) ?? false,
      value,
    };
    const nested = value.type === "array" ? value.items : value;
    const inner = nested?.properties ? members(nested, `${prefix}${name}.`) : [];
    return [row, ...inner];
  });
  return [...own, ...(schema.allOf ?? []).flatMap((part) => members(part, prefix))];
}

export function schemaSection(name, schema) {
  const rows = members(schema).map(
    ({ name: member, required, value }) => `<tr>
<td><code>${escapeHtml(member)}</code>${required ? "" : " <small>optional</small>"}</td>
<td>${typeOf(value)}</td>
<td>${markdown(value.description)}</td>
</tr>`,
  );
  const table = rows.length
    ? `<div class="scroll"><table><thead><tr><th>member</th><th>type</th><th>meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
    : `<p class="type">${typeOf(schema)}</p>`;
  const parts = schema.allOf ? `<p class="type">Everything in ${typeOf(schema)}, and:</p>` : "";
  return `<section class="schema" id="schema-${name}"><h3>${escapeHtml(name)}</h3>${markdown(schema.description)}${parts}${table}${example(schema.examples?.[0])}</section>`;
}

export function example(value) {
  if (value === undefined || typeof value !== "object") return "";
  return `<details><summary>Example</summary><pre><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre></details>`;
}
