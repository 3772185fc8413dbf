import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, it } from "vitest";
import { anActivity } from "@/shared/testing/fixtures";
import type { Post } from "./post";
import { PostText } from "./post-text";

function show(parts: Partial<Post>) {
  return render(
    <MemoryRouter>
      <PostText post={anActivity(parts)} />
    </MemoryRouter>,
  );
}

it("shows markup as the text that it is", () => {
  const message = "<img src=x onerror=alert(1)> & <b>bold</b>";
  const { container } = show({ message });
  expect(container.textContent).toBe(message);
  expect(container.querySelector("img, b")).toBeNull();
});

it("links out without a recommendation, an opener or a follow", () => {
  show({
    message: "see https://x.org",
    entities: [{ type: "link", start: 4, end: 17, value: "https://x.org/" }],
  });
  const link = screen.getByRole("link", { name: "https://x.org" });
  expect(link.getAttribute("href")).toBe("https://x.org/");
  expect(link.getAttribute("rel")).toBe("nofollow noopener ugc");
});

it("links a mention to that person's page", () => {
  show({
    message: "@Ada hi",
    entities: [{ type: "mention", start: 0, end: 4, value: "ada" }],
  });
  expect(screen.getByRole("link", { name: "@Ada" }).getAttribute("href")).toBe("/@ada");
});
