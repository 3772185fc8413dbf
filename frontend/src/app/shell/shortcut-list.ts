import { showDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";
import { movePostFocus, pressOnPost } from "./post-keys";

export interface Shortcut {
  /** A key, or two to be pressed one after the other: "g h". */
  keys: string;
  words: string;
  action: () => void;
}

interface Targets {
  /** Missing when the shortcut does nothing, as some do for visitors. */
  compose: (() => void) | undefined;
  profile: (() => void) | undefined;
  home: () => void;
  settings: () => void;
}

/** All shortcuts, in the groups that the help shows. */
export function shortcutGroups(go: Targets): { title: string; shortcuts: Shortcut[] }[] {
  const words = strings.shortcuts;
  const optional = (keys: string, name: string, action: (() => void) | undefined) =>
    action ? [{ keys, words: name, action }] : [];
  return [
    {
      title: words.groups.move,
      shortcuts: [
        { keys: "j", words: words.next, action: () => movePostFocus(1) },
        { keys: "k", words: words.previous, action: () => movePostFocus(-1) },
        { keys: ".", words: words.fresh, action: showFreshPosts },
        { keys: "/", words: words.find, action: () => showDialog("find") },
        { keys: "g h", words: words.home, action: go.home },
        ...optional("g p", words.profile, go.profile),
        { keys: "g s", words: words.settings, action: go.settings },
        { keys: "?", words: words.help, action: () => showDialog("shortcuts") },
      ],
    },
    {
      title: words.groups.act,
      shortcuts: [
        { keys: "o", words: words.open, action: () => pressOnPost("open") },
        { keys: "l", words: words.like, action: () => pressOnPost("like") },
        { keys: "r", words: words.reply, action: () => pressOnPost("reply") },
        ...optional("c", words.compose, go.compose),
      ],
    },
  ];
}

function showFreshPosts(): void {
  document.querySelector<HTMLElement>('[data-action="fresh"]')?.click();
}
