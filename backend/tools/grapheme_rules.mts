// Makes backend/src/domain/grapheme_rules.hpp from the Unicode data of the Node that runs it (no network, no other file).
// Usage: node backend/tools/grapheme_rules.mts > backend/src/domain/grapheme_rules.hpp
//
// A RegExp knows Extended_Pictographic only. The other classes of UAX #29 are found by how Intl.Segmenter treats a character beside ones
// whose class is known: each class is told from all others by what it joins.

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Whether all that is given is one grapheme cluster. */
const joins = (...parts: string[]) => {
  const text = parts.join("");
  return segmenter.segment(text).containing(0)?.segment.length === text.length;
};

const zwj = "\u200d";
const emoji = "\u{1f600}";
const hangul = { l: "\u1100", v: "\u1161", t: "\u11a8" };
const consonant = "\u0915";
const virama = "\u094d";

/** Whether a character goes on with whatever stands before it: Extend, SpacingMark or ZWJ. */
const isMark = (c: string) => joins("a", c) && c !== zwj;

// GB11: between two emoji only Extend may stand before the joiner.
const isExtend = (c: string) => isMark(c) && joins(emoji, c, zwj, emoji);

const classes: { name: string; holds: (c: string) => boolean }[] = [
  { name: "Extend", holds: isExtend },
  { name: "SpacingMark", holds: (c) => isMark(c) && !isExtend(c) },
  { name: "Prepend", holds: (c) => joins(c, "a") && !isMark(c) },
  // GB7: V joins what L does before it and itself after it.
  { name: "V", holds: (c) => !isMark(c) && joins(hangul.v, c) && joins(c, hangul.v) },
  { name: "Pictographic", holds: (c) => /^\p{Extended_Pictographic}$/u.test(c) },
  // GB9c, from either side.
  { name: "Consonant", holds: (c) => !isMark(c) && c !== zwj && joins(consonant, virama, c) },
  { name: "Linker", holds: (c) => isMark(c) && joins(consonant, c, consonant) },
];

// Where no class has anything, there is nothing to ask: ideographs, and what is not assigned or private.
const plain = /^(?!\p{Extended_Pictographic})[\p{Unified_Ideograph}\p{Cn}\p{Co}\p{Cs}]$/u;
const characters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
  (c) => !plain.test(c),
);

/** The characters of a class as parts of a set in a rule: \x{41}-\x{5A}. */
function ranges(holds: (c: string) => boolean): string[] {
  const found: [first: number, last: number][] = [];
  for (const c of characters) {
    if (!holds(c)) continue;
    const code = c.codePointAt(0) ?? 0;
    const last = found.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  const written = (code: number) => `\\x{${code.toString(16).toUpperCase()}}`;
  return found.map(([first, last]) =>
    first === last ? written(first) : `${written(first)}-${written(last)}`,
  );
}

const literal = (text: string) => `    R"(${text})"`;

/** A definition in lines of at most 100 characters. */
function definition(name: string, parts: string[]): string[] {
  const lines: string[] = [];
  let line = `$${name}=[`;
  for (const part of [...parts, "];"]) {
    if (literal(line + part).length > 100) {
      lines.push(literal(line));
      line = "";
    }
    line += part;
  }
  return [...lines, literal(line)];
}

export function graphemeRules(): string {
  return [
    "// What a reader takes for one character, as rules for ICU's break iterator: extended grapheme",
    "// clusters by Unicode Standard Annex #29, table 1c, with the data of Unicode " +
      `${Number.parseInt(process.versions.unicode ?? "", 10)} as browsers have it`,
    "// today. Debian's ICU has the data of Unicode 15, so classes that have grown since are spelled",
    "// out. Made by backend/tools/grapheme_rules.mts, and a test compares: change that, not this.",
    "#pragma once",
    "",
    "#include <string_view>",
    "",
    "namespace cruddur {",
    "",
    "inline constexpr std::string_view grapheme_rules =",
    literal("!!quoted_literals_only;"),
    literal("$CR=[\\p{gcb=CR}];$LF=[\\p{gcb=LF}];$Control=[\\p{gcb=Control}];$ZWJ=[\\p{gcb=ZWJ}];"),
    literal("$Regional=[\\p{gcb=Regional_Indicator}];$L=[\\p{gcb=L}];$T=[\\p{gcb=T}];"),
    literal("$LV=[\\p{gcb=LV}];$LVT=[\\p{gcb=LVT}];"),
    ...classes.flatMap(({ name, holds }) => definition(name, ranges(holds))),
    literal("$ConjunctExtend=[[$Extend $ZWJ]-$Linker-[\\u200C]];"),
    literal("!!chain;!!lookAheadHardBreak;"),
    literal("$CR $LF;"),
    literal("$L ($L|$V|$LV|$LVT);"),
    literal("($LV|$V) ($V|$T);"),
    literal("($LVT|$T) $T;"),
    literal("[^$Control $CR $LF] ($Extend|$ZWJ);"),
    literal("[^$Control $CR $LF] $SpacingMark;"),
    literal("$Prepend [^$Control $CR $LF];"),
    literal("$Consonant ($ConjunctExtend|$Linker)* $Linker ($ConjunctExtend|$Linker)* $Consonant;"),
    literal("$Pictographic $Extend* $ZWJ $Pictographic;"),
    literal("^$Prepend* $Regional $Regional / $Regional;"),
    literal("^$Prepend* $Regional $Regional;"),
    `${literal(".;")};`,
    "",
    "}  // namespace cruddur",
    "",
  ].join("\n");
}

if (import.meta.main) process.stdout.write(graphemeRules());
