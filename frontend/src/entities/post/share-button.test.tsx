import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { anActivity } from "@/shared/testing/fixtures";
import { toasts } from "@/shared/ui/toaster-store";
import { ShareButton } from "./share-button";

const post = anActivity({ uuid: "u1" });
const url = "http://localhost:3000/@ada/status/u1";
const writeText = vi.fn();
const shareSheet = vi.fn();

beforeEach(() => {
  toasts.set([]);
  writeText.mockReset();
  shareSheet.mockReset();
  return () => vi.unstubAllGlobals();
});

function show(device: { touch: boolean; share: boolean }) {
  vi.stubGlobal("matchMedia", () => ({ matches: device.touch }));
  vi.stubGlobal("navigator", {
    clipboard: { writeText },
    ...(device.share && { share: shareSheet }),
  });
  render(<ShareButton post={post} />);
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const said = () => toasts.get().map(({ text }) => text);

it("opens the share sheet on a touch device, and takes closing it for an answer", async () => {
  shareSheet.mockRejectedValue(new DOMException("closed", "AbortError"));
  show({ touch: true, share: true });
  press("Share");
  await waitFor(() => expect(shareSheet).toHaveBeenCalledExactlyOnceWith({ url }));
  expect(writeText).not.toHaveBeenCalled();
});

it("copies when the share sheet fails", async () => {
  shareSheet.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  show({ touch: true, share: true });
  press("Share");
  await waitFor(() => expect(said()).toEqual(["Link copied."]));
});

it.each([
  { touch: false, share: true },
  { touch: true, share: false },
])("copies the address where there is no such sheet, or a mouse: %j", async (device) => {
  show(device);
  press("Copy link");
  await waitFor(() => expect(said()).toEqual(["Link copied."]));
  expect(writeText).toHaveBeenCalledExactlyOnceWith(url);
});

it("says when the browser does not let it", async () => {
  writeText.mockRejectedValue(new Error("no"));
  show({ touch: false, share: false });
  press("Copy link");
  await waitFor(() => expect(said()).toEqual(["Your browser would not let the link be copied."]));
});
