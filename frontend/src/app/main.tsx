import "@/shared/styles/main.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isMember } from "@/shared/lib/auth/session";
import { loadConfig } from "@/shared/lib/config";
import { loadLanguage } from "@/shared/lib/i18n";
import { BootFailure } from "./boot-failure";
import { composer } from "./pages/home-page";
import { Providers } from "./providers";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const react = createRoot(root);

Promise.all([loadConfig(), loadLanguage(), isMember() && composer.preload()]).then(
  () => {
    react.render(
      <StrictMode>
        <Providers />
      </StrictMode>,
    );
    void startLive();
  },
  () => react.render(<BootFailure />),
);

/** Starts what the page can do without at first. When it can't be loaded, it is tried again as soon as there is a network. */
async function startLive(): Promise<void> {
  try {
    const { goLive } = await import("./live");
    goLive();
  } catch {
    window.addEventListener("online", startLive, { once: true });
  }
}
