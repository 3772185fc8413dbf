// Text to HTML. Whatever comes from the contract goes through `escapeHtml` or `markdown`.

export const escapeHtml = (text) =>
  String(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const inline = (text) => escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => inline(cell.trim()));

function table([head, , ...rows]) {
  const row = (line, tag) =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${cell}</${tag}>`)
      .join("")}</tr>`;
  return `<table><thead>${row(head, "th")}</thead><tbody>${rows.map((line) => row(line, "td")).join("")}</tbody></table>`;
}

function list(lines) {
  const items = [];
  for (const line of lines) {
    if (line.startsWith("- ")) items.push(line.slice(2));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join("")}</ul>`;
}

/** The small part of Markdown that the contract uses: paragraphs, ## headings, - lists, tables and `code`. */
export function markdown(text = "") {
  return text
    .replace(/^## .*$/gm, "\n$&\n")
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .map((block) => {
      const lines = block.split("\n");
      if (block.startsWith("## ")) return `<h3>${inline(block.slice(3))}</h3>`;
      if (block.startsWith("- ")) return list(lines);
      if (block.startsWith("|")) return table(lines);
      return `<p>${inline(lines.join(" "))}</p>`;
    })
    .join("\n");
}
