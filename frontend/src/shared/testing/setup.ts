import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { setConfig } from "@/shared/lib/config";
import { loadLanguage } from "@/shared/lib/i18n";
import { resetClock } from "@/shared/lib/time/clock";
import { testConfig } from "./fixtures";

setConfig(testConfig);
await loadLanguage();

afterEach(() => {
  cleanup();
  localStorage.clear();
  resetClock();
});
