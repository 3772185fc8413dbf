import { expect, it } from "vitest";
import { anActivity, anAuthor } from "@/shared/testing/fixtures";
import { enter, leftovers, ownedFor, strike } from "./deletion-journal";

const mine = anActivity({
  uuid: "mine",
  author: anAuthor({ uuid: "ada" }),
  message: "what was asked to go",
});
const later = () => Date.now() + ownedFor + 1;
const found = (author: string, now: number) => leftovers(author, now).map(({ uuid }) => uuid);

it("leaves a deletion to the page that sees to it, and to others once that page is silent", () => {
  enter(mine);
  expect(found("ada", Date.now())).toEqual([]);
  expect(found("ada", later())).toEqual(["mine"]);
});

it("tells nobody else of it, and keeps no text", () => {
  enter(mine);
  expect(found("grace", later())).toEqual([]);
  expect(JSON.stringify(localStorage)).not.toContain("asked to go");
});

it("holds each once, until it is struck off", () => {
  enter(mine);
  enter(mine);
  expect(found("ada", later())).toEqual(["mine"]);
  strike("mine");
  expect(found("ada", later())).toEqual([]);
});

it.each(["", "{", "{}", "null", '[null, 1, {"post": {}}, {"post": {"uuid": "x"}}]'])(
  "makes nothing of %j",
  (text) => {
    localStorage.setItem("cruddur.deletions", text);
    expect(found("ada", later())).toEqual([]);
  },
);
