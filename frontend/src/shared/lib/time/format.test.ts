import { describe, expect, it } from "vitest";
import { day, hour, minute, second } from "./duration";
import { ago, moment, shortLeft, spokenLeft, waitingTime } from "./format";

describe("shortLeft", () => {
  it.each([
    [29 * day + 5 * hour, "29d"],
    [2 * day + 22 * hour, "2d 22h"],
    [day, "1d"],
    [3 * hour + 12 * minute, "3h 12m"],
    [hour + 4 * second, "1h 00m"],
    [42 * minute + 10 * second, "42:10"],
    [9 * second, "0:09"],
    [1, "0:01"],
    [0, "0:00"],
    [-5 * second, "0:00"],
  ])("writes %i ms as %s", (ms, text) => expect(shortLeft(ms)).toBe(text));
});

describe("spokenLeft", () => {
  it.each([
    [3 * day, "3 days left"],
    [hour + 2 * minute, "1 hour 2 minutes left"],
    [30 * second, "Less than a minute left"],
    [0, "Time is up"],
  ])("says %i ms as %s", (ms, text) => expect(spokenLeft(ms)).toBe(text));
});

describe("waitingTime", () => {
  it.each([
    [1, "1 second"],
    [59 * second, "59 seconds"],
    [59 * second + 1, "1 minute"],
    [minute + 1, "2 minutes"],
    [hour, "1 hour"],
    [2 * hour + 9 * minute + 30 * second, "2 hours 10 minutes"],
    [day, "24 hours"],
  ])("says %i ms as %s", (ms, text) => expect(waitingTime(ms)).toBe(text));
});

describe("moment", () => {
  const now = new Date(2026, 10, 22, 8, 0).getTime(); // a Sunday

  it.each([
    [new Date(2026, 10, 22, 14, 5), "14:05"],
    [new Date(2026, 10, 24, 14, 5), "Tue 14:05"],
    [new Date(2026, 11, 22, 8, 0), "22 Dec 08:00"],
  ])("writes %s as %s", (instant, text) => expect(moment(instant.getTime(), now)).toBe(text));
});

it("tells an age in one unit", () => {
  expect(ago(0, 59 * second)).toBe("now");
  expect(ago(0, 5 * minute)).toBe("5m");
  expect(ago(0, 30 * hour)).toBe("1d");
});
