import { expect, it, vi } from "vitest";
import { dropDrafts } from "@/shared/lib/drafts";
import { forgetSubmission, submissionKey } from "./submission-key";

it("is the same for the same content of a draft, until it is forgotten", () => {
  const key = submissionKey("post", "soup");
  expect(submissionKey("post", "soup")).toBe(key);
  expect(submissionKey("reply.1", "soup")).not.toBe(key);
  forgetSubmission("post");
  expect(submissionKey("post", "soup")).not.toBe(key);
});

it("is another one for other content", () => {
  const key = submissionKey("post", "soup");
  expect(submissionKey("post", "more soup")).not.toBe(key);
  expect(submissionKey("post", "soup")).not.toBe(key);
});

it("goes with the drafts", () => {
  const key = submissionKey("post", "soup");
  dropDrafts();
  expect(submissionKey("post", "soup")).not.toBe(key);
});

it("is the same where nothing can be stored", () => {
  const blocked = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("blocked");
  });
  const key = submissionKey("post", "soup");
  expect(submissionKey("post", "soup")).toBe(key);
  forgetSubmission("post");
  expect(submissionKey("post", "soup")).not.toBe(key);
  blocked.mockRestore();
});
