import { Eye, EyeOff } from "lucide-react";
import {
  type ComponentProps,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { strings } from "@/shared/lib/i18n";
import { TextField } from "./text-field";

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, "type" | "children" | "ref">;

/** A password input that can show what is typed. It hides it again when its form is sent. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const selection = useRef<[number | null, number | null]>(null);
  const Icon = shown ? EyeOff : Eye;

  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  const toggle = () => {
    const { selectionStart = null, selectionEnd = null } = input.current ?? {};
    selection.current = [selectionStart, selectionEnd];
    setShown(!shown);
  };

  // Browsers forget the caret when an input changes its type.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it has changed
  useLayoutEffect(() => {
    if (selection.current) input.current?.setSelectionRange(...selection.current);
    selection.current = null;
  }, [shown]);

  return (
    <TextField
      {...props}
      ref={input}
      type={shown ? "text" : "password"}
      className="pe-12"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
    >
      <button
        type="button"
        className="absolute inset-y-0 end-0 grid w-11 place-items-center rounded-full text-soft hover:text-ink"
        aria-label={shown ? strings.auth.hidePassword : strings.auth.showPassword}
        aria-controls={props.id}
        onMouseDown={keepFocus}
        onClick={toggle}
      >
        <Icon size={20} aria-hidden />
      </button>
    </TextField>
  );
}

/** Keeps a press on the button from taking the focus away from the field, which would close a phone's keyboard. */
const keepFocus = (event: MouseEvent) => event.preventDefault();
