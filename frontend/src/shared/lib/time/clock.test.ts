import { beforeEach, describe, expect, it, vi } from "vitest";
import { observeServerTime, onClockJump, serverNow } from "./clock";

const local = 1_000_000;

describe("serverNow", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: local });
    return () => vi.useRealTimers();
  });

  const offset = () => serverNow() - Date.now();

  it("is this machine's clock until the server has spoken", () => {
    expect(offset()).toBe(0);
  });

  it("takes the server's time to be that of half the round trip", () => {
    observeServerTime(local + 5_000, local - 200, local);
    expect(offset()).toBe(5_100);
  });

  it("prefers a quick reading to a slow one", () => {
    observeServerTime(local + 5_000, local - 20, local);
    observeServerTime(local + 5_900, local - 1_500, local);
    expect(offset()).toBe(5_010);
  });

  it("follows at once when the server's clock was moved, and says so", () => {
    const jumped = vi.fn();
    const stop = onClockJump(jumped);
    observeServerTime(local + 10, local - 20, local);
    expect(jumped).not.toHaveBeenCalled();
    observeServerTime(local + 3_600_000, local - 900, local);
    expect(offset()).toBe(3_600_450);
    expect(jumped).toHaveBeenCalledOnce();
    stop();
  });

  it("takes a slow reading when the good one has grown old", () => {
    observeServerTime(local, local - 20, local);
    vi.advanceTimersByTime(6 * 60_000);
    const now = Date.now();
    observeServerTime(now + 800, now - 400, now);
    expect(offset()).toBe(1_000);
  });

  it("ignores a header that is no number", () => {
    observeServerTime(Number("soon"), local - 20, local);
    expect(offset()).toBe(0);
  });
});
