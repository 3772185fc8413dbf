import { strings } from "@/shared/lib/i18n";

const bar = "rounded-full bg-line";

/** Stands in place of a thread that is being loaded, in its shape. */
export function ThreadSkeleton() {
  return (
    <div role="status" className="animate-pulse">
      <span className="sr-only">{strings.thread.loading}</span>
      <div aria-hidden className="px-4 pt-2 md:px-5">
        <div className="flex items-center gap-3.5">
          <div className="size-11 shrink-0 rounded-full bg-line" />
          <div>
            <div className={`${bar} h-4 w-36`} />
            <div className={`${bar} mt-3 h-3 w-24`} />
          </div>
        </div>
        <div className={`${bar} mt-7 h-4 w-full`} />
        <div className={`${bar} mt-4 h-4 w-1/2`} />
        <div className={`${bar} mt-7 h-3 w-48`} />
        <div className={`${bar} mt-6 h-8 w-40`} />
        <div className={`${bar} mt-4 h-1 w-3/4`} />
        <div className="h-[3.25rem]" />
        <div className="my-4 h-[8.375rem] rounded-card border border-line" />
        {["one", "two", "three"].map((reply) => (
          <ReplySkeleton key={reply} />
        ))}
      </div>
    </div>
  );
}

function ReplySkeleton() {
  return (
    <div className="flex gap-3 pt-4">
      <div className="size-8 shrink-0 rounded-full bg-line" />
      <div className="flex-1">
        <div className="flex h-6 items-center">
          <div className={`${bar} h-3 w-40`} />
        </div>
        <div className="flex h-6 items-center sm:hidden">
          <div className={`${bar} h-3 w-24`} />
        </div>
        <div className="mt-0.5 flex h-6 items-center">
          <div className={`${bar} h-3 w-2/3`} />
        </div>
        <div className="h-11" />
      </div>
    </div>
  );
}
