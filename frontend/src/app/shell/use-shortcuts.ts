import { useNavigate } from "react-router";
import { useMe } from "@/entities/user/user-queries";
import { isMember } from "@/shared/lib/auth/session";
import { showDialog } from "@/shared/lib/dialogs";
import type { Bindings } from "@/shared/lib/hotkeys/hotkeys";
import { paths } from "@/shared/lib/paths";
import { shortcutGroups } from "./shortcut-list";

/** The shortcuts for the present member or visitor. */
export function useShortcutGroups() {
  const navigate = useNavigate();
  const me = useMe();
  return shortcutGroups({
    compose: isMember() ? () => showDialog("compose") : undefined,
    profile: me && (() => navigate(paths.user(me.handle))),
    home: () => navigate(paths.home),
    settings: () => navigate(paths.settings),
  });
}

/** The action of each key. */
export function useShortcutBindings(): Bindings {
  const shortcuts = useShortcutGroups().flatMap((group) => group.shortcuts);
  return Object.fromEntries(shortcuts.map(({ keys, action }) => [keys, action]));
}
