// One operation of the contract as a section.
import { escapeHtml, markdown } from "./html.mjs";
import { example, resolve, typeOf } from "./schema.mjs";

export const methods = ["get", "post", "put", "delete"];

export function operationSection(contract, path, method, item) {
  const operation = item[method];
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) =>
    resolve(contract, each),
  );
  return `<section class="operation" id="${operation.operationId}">
<h3><a href="#${operation.operationId}">${escapeHtml(operation.summary)}</a></h3>
<p class="route"><b class="method ${method}">${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code>${access(operation)}</p>
${markdown(operation.description)}
${parameterTable(parameters)}
${requestBody(operation.requestBody)}
${responses(contract, operation.responses)}
</section>`;
}

function access({ security }) {
  if (!security) return "";
  const open = security.some((scheme) => Object.keys(scheme).length === 0);
  return ` <small class="access">${open ? "token optional" : "token needed"}</small>`;
}

function parameterTable(parameters) {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    (each) => `<tr>
<td><code>${escapeHtml(each.name)}</code> <small>${each.in}${each.required ? "" : ", optional"}</small></td>
<td>${typeOf(each.schema)}</td>
<td>${markdown(each.description)}</td>
</tr>`,
  );
  return `<h4>Parameters</h4><div class="scroll"><table><tbody>${rows.join("")}</tbody></table></div>`;
}

function requestBody(body) {
  if (!body) return "";
  const [[type, { schema, example: shown }]] = Object.entries(body.content);
  return `<h4>Body</h4><p>${typeOf(schema)} <small>${escapeHtml(type)}</small></p>${example(shown)}`;
}

function responses(contract, answers) {
  const rows = Object.entries(answers).map(([status, answer]) => {
    const { description, content = {} } = resolve(contract, answer);
    const types = Object.entries(content).map(
      ([type, { schema, example: shown }]) =>
        `<p>${typeOf(schema)} <small>${escapeHtml(type)}</small></p>${example(shown)}`,
    );
    return `<tr>
<td><b class="status s${escapeHtml(status[0])}">${status === "default" ? "else" : escapeHtml(status)}</b></td>
<td>${markdown(description)}${types.join("")}</td>
</tr>`;
  });
  return `<h4>Answers</h4><div class="scroll"><table class="answers"><tbody>${rows.join("")}</tbody></table></div>`;
}
