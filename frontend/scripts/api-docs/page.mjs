// The contract as one page.
import { escapeHtml, markdown } from "./html.mjs";
import { methods, operationSection } from "./operation.mjs";
import { schemaSection } from "./schema.mjs";

export function renderPage(contract) {
  const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => ({ path, method, item, operation: item[method] })),
  );
  const groups = contract.tags.map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const schemas = Object.entries(contract.components.schemas);

  const navigation = groups
    .map(
      ({ name, operations: own }) =>
        `<h2>${escapeHtml(name)}</h2><ul>${own
          .map(
            ({ operation, method }) =>
              `<li><a href="#${operation.operationId}"><b class="method ${method}">${method.toUpperCase()}</b> ${escapeHtml(operation.summary)}</a></li>`,
          )
          .join("")}</ul>`,
    )
    .join("");
  const sections = groups
    .map(
      ({ name, description, operations: own }) =>
        `<h2 class="group">${escapeHtml(name)}</h2>${markdown(description)}${own
          .map(({ path, method, item }) => operationSection(contract, path, method, item))
          .join("\n")}`,
    )
    .join("\n");

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(contract.info.title)} API</title>
<link rel="stylesheet" href="/api/docs.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<nav aria-label="Operations">
<p class="name"><a href="/">${escapeHtml(contract.info.title)}</a> API ${escapeHtml(contract.info.version)}</p>
<p><a href="/api/openapi.json">openapi.json</a></p>
${navigation}
<h2>Schemas</h2>
<ul>${schemas.map(([name]) => `<li><a href="#schema-${name}">${escapeHtml(name)}</a></li>`).join("")}</ul>
</nav>
<main>
<h1>${escapeHtml(contract.info.title)} API</h1>
<p class="lead">${escapeHtml(contract.info.summary)}</p>
${markdown(contract.info.description)}
${sections}
<h2 class="group">Schemas</h2>
${schemas.map(([name, schema]) => schemaSection(name, schema)).join("\n")}
</main>
</body>
</html>
`;
}
