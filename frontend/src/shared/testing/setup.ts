import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { setConfig } from "@/shared/lib/config";
import { resetClock } from "@/shared/lib/time/clock";
import { testConfig } from "./fixtures";

setConfig(testConfig);

afterEach(() => {
  cleanup();
  localStorage.clear();
  resetClock();
});
