import { Monitor, Moon, Sun } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { setTheme, type Theme, themeStore } from "@/shared/lib/theme";

const next: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
const icons = { system: Monitor, dark: Moon, light: Sun };

/** Goes round system, dark and light. */
export function ThemeSwitch() {
  const theme = useStore(themeStore);
  const Icon = icons[theme];
  const words = strings.settings.theme;
  return (
    <button
      type="button"
      onClick={() => setTheme(next[theme])}
      title={`${words.label}: ${words[theme]}`}
      className="flex min-h-11 min-w-11 items-center justify-center gap-4 rounded-full px-3.5 text-soft hover:bg-surface hover:text-ink lg:justify-start"
    >
      <Icon size={20} aria-hidden className="shrink-0" />
      <span className="sr-only lg:not-sr-only">
        {words.label}: {words[theme]}
      </span>
    </button>
  );
}
