// A feed as long as a busy day's.
import { makePerson, type Person, post } from "../browser/support/people.ts";
import type { Server } from "../browser/support/server.ts";

export type Reader = Person;

const people = 20;
const sentences = [
  "Low tide at noon.",
  "The ferry was late again, and nobody minded: the light on the water was worth the wait.",
  "Is there anything better than bread that is still too hot to cut? #bread",
  "@person_3 you were right about the second half of that book.",
  "Notes from the garden: two frogs, one hedgehog, no slugs left. https://example.com/garden",
  "I said I would write less.\n\nI am writing less.",
];

function textOf(number: number): string {
  const count = 1 + (number % 3);
  const parts = Array.from(
    { length: count },
    (_, index) => sentences[(number + index) % sentences.length],
  );
  return `${parts.join(" ")} No. ${number}`;
}

/** Writes `count` posts by many people; gives one of them. */
export async function fillFeed(server: Server, count: number): Promise<Reader> {
  const authors: Person[] = [];
  for (let index = 0; index < people; index += 1) {
    authors.push(await makePerson(server, `person_${index}`, `Person ${index}`));
  }
  await Promise.all(
    authors.map(async (author, index) => {
      for (let number = index; number < count; number += people) {
        await post(server, author, textOf(number), "7-days");
      }
    }),
  );
  const [reader] = authors;
  if (!reader) throw new Error("nobody was made");
  return reader;
}
