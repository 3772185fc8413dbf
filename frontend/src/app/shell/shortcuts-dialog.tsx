import { closeDialog, openDialog } from "@/shared/lib/dialogs";
import { hotkeysOn, setHotkeys } from "@/shared/lib/hotkeys/hotkeys";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { useShortcutGroups } from "./use-shortcuts";

const close = () => closeDialog("shortcuts");

/** The help sheet for the keyboard, with the switch that turns the shortcuts off. */
export default function ShortcutsDialog() {
  const open = useStore(openDialog) === "shortcuts";
  return (
    <Dialog open={open} wide title={strings.shortcuts.title} onClose={close}>
      <Sheet />
    </Dialog>
  );
}

function Sheet() {
  const on = useStore(hotkeysOn);
  const groups = useShortcutGroups();
  const words = strings.shortcuts;
  return (
    <>
      <div className={on ? undefined : "opacity-60"}>
        {groups.map(({ title, shortcuts }) => (
          <section key={title} className="mt-5">
            <h3 className="text-body text-soft">{title}</h3>
            <dl className="mt-1 divide-y divide-line">
              {shortcuts.map((shortcut) => (
                <div key={shortcut.keys} className="flex items-center justify-between gap-4 py-2">
                  <dt>{shortcut.words}</dt>
                  <dd className="shrink-0">
                    <Keys keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="mt-6 flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-soft">
          {on ? "" : words.areOff}
        </p>
        <Button onClick={() => setHotkeys(!on)}>{on ? words.off : words.on}</Button>
      </div>
    </>
  );
}

function Keys({ keys }: { keys: string }) {
  const [first, second] = keys.split(" ");
  return (
    <>
      <Key name={first} />
      {second && (
        <>
          <span className="mx-1.5 text-small text-soft">{strings.shortcuts.followedBy}</span>
          <Key name={second} />
        </>
      )}
    </>
  );
}

function Key({ name }: { name: string | undefined }) {
  return (
    <kbd className="inline-grid min-h-8 min-w-8 place-items-center rounded-small border border-edge bg-surface px-2 font-display font-bold">
      {name}
    </kbd>
  );
}
