import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ButtonLink } from "@/shared/ui/button";

/** Stands on the home page of visitors, in place of the composer. */
export function Welcome() {
  return (
    <section aria-labelledby="welcome" className="px-4 pt-6 pb-8 md:px-5 md:pt-8">
      <h2 id="welcome" className="max-w-md text-hero font-extrabold">
        {strings.welcome.title}
      </h2>
      <p className="mt-4 max-w-md text-large text-soft text-pretty">{strings.welcome.body}</p>
      <div className="mt-6 flex flex-wrap gap-3">
        <ButtonLink look="primary" to={paths.signUp}>
          {strings.welcome.join}
        </ButtonLink>
        <ButtonLink to={paths.signIn}>{strings.welcome.signIn}</ButtonLink>
      </div>
    </section>
  );
}
