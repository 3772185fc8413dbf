import type { ReactNode } from "react";
import { showDialog } from "@/shared/lib/dialogs";
import { hotkeysOn, setHotkeys } from "@/shared/lib/hotkeys/hotkeys";
import { chooseLanguage, type LanguageChoice, languageChoice, strings } from "@/shared/lib/i18n";
import { isLanguage, languages } from "@/shared/lib/i18n/languages";
import { useStore } from "@/shared/lib/store";
import { setTheme, themeStore } from "@/shared/lib/theme";
import { Button } from "@/shared/ui/button";
import { Segments } from "@/shared/ui/segments";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toaster-store";

const spoken = Object.keys(languages)
  .filter(isLanguage)
  .map((value) => ({ value, text: languages[value].name }));

interface SettingsProps {
  /** The controls of one's account; nothing for visitors. */
  account: ReactNode;
}

/** The settings that are kept on this device: theme, language and keyboard shortcuts. */
export function Settings({ account }: SettingsProps) {
  const theme = useStore(themeStore);
  const language = useStore(languageChoice);
  const words = strings.settings;
  return (
    <div className="mt-6 grid gap-9">
      <Choice legend={words.theme.label}>
        <Segments
          name="theme"
          value={theme}
          onChange={setTheme}
          options={[
            { value: "system", text: words.theme.system },
            { value: "dark", text: words.theme.dark },
            { value: "light", text: words.theme.light },
          ]}
        />
      </Choice>
      <Choice legend={words.language.label}>
        <Segments
          name="language"
          value={language}
          onChange={(choice) => void speak(choice)}
          options={[{ value: "system", text: words.language.system }, ...spoken]}
        />
      </Choice>
      <div>
        <Switch
          label={words.shortcuts.label}
          hint={words.shortcuts.hint}
          on={useStore(hotkeysOn)}
          onChange={setHotkeys}
        />
        <Button className="mt-4" onClick={() => showDialog("shortcuts")}>
          {words.shortcuts.show}
        </Button>
      </div>
      {account && (
        <section>
          <h2 className="mb-3 text-title-s">{words.account}</h2>
          {account}
        </section>
      )}
    </div>
  );
}

function Choice({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-3 font-display text-title-s font-semibold">{legend}</legend>
      {children}
    </fieldset>
  );
}

/** Keeps the focus on the choice when the page is rendered anew in another language. */
async function speak(choice: LanguageChoice): Promise<void> {
  try {
    await chooseLanguage(choice);
  } catch {
    toast(strings.settings.language.failed);
  }
  setTimeout(() => {
    const chosen = document.querySelector<HTMLElement>('input[name="language"]:checked');
    chosen?.focus({ preventScroll: true });
  });
}
