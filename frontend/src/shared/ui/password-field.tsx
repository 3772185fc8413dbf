import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { TextField } from "./text-field";

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, "type" | "children">;

/** A password input that can show what is typed. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <TextField {...props} type={shown ? "text" : "password"} className="pe-12" spellCheck={false}>
      <button
        type="button"
        className="absolute inset-y-0 end-0 grid w-11 place-items-center text-soft hover:text-ink"
        aria-label={shown ? strings.auth.hidePassword : strings.auth.showPassword}
        onClick={() => setShown(!shown)}
      >
        <Icon size={20} aria-hidden />
      </button>
    </TextField>
  );
}
