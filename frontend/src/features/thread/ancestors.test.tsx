import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, it } from "vitest";
import { anActivity } from "@/shared/testing/fixtures";
import { Ancestors } from "./ancestors";

const wayToStart = (root: ReturnType<typeof anActivity>) => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <Ancestors posts={[]} root={root} />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return screen.getByRole("link").getAttribute("href");
};

it("leads to the start of a long thread", () => {
  expect(wayToStart(anActivity({ uuid: "u1" }))).toBe("/@ada/status/u1");
});

it("leads there also when the author took the first post back", () => {
  const tombstone = anActivity({
    uuid: "u1",
    author: null,
    message: "",
    deleted: true,
  });
  expect(wayToStart(tombstone)).toBe("/status/u1");
});
