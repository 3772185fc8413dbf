import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { ComposeDialog } from "@/features/composer/compose-dialog";
import { closeDialogs, type DialogName, openDialog } from "@/shared/lib/dialogs";
import { useHotkeys } from "@/shared/lib/hotkeys/hotkeys";
import { useStore } from "@/shared/lib/store";
import { useShortcutBindings } from "./use-shortcuts";

const FindDialog = lazy(() => import("@/features/search/find-dialog"));
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog"));

/** The dialogs of every page, and the keys that open them. They close when the page changes. */
export function Dialogs() {
  const { key } = useLocation();
  useHotkeys(useShortcutBindings());
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every page
  useEffect(() => closeDialogs, [key]);
  return (
    <>
      <ComposeDialog />
      <Suspense>
        {useWasOpen("find") && <FindDialog />}
        {useWasOpen("shortcuts") && <ShortcutsDialog />}
      </Suspense>
    </>
  );
}

/** Whether the dialog was ever opened. From then on it stays rendered, so that it can close with its own transition. */
function useWasOpen(name: DialogName): boolean {
  const open = useStore(openDialog) === name;
  const [was, setWas] = useState(false);
  if (open && !was) setWas(true);
  return was || open;
}
