const bar = "rounded-full bg-line";

/** Stands in place of posts that are being loaded, in their shape. */
export function PostSkeletons({ label, count = 5 }: { label: string; count?: number }) {
  return (
    <div role="status" className="animate-pulse">
      <span className="sr-only">{label}</span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} aria-hidden className="px-4 pt-5 md:px-5">
          <div className="flex gap-3.5">
            <div className="size-11 shrink-0 rounded-full bg-line" />
            <div className="flex-1">
              <div className="flex h-6 items-center justify-between">
                <div className={`${bar} h-3 w-40`} />
                <div className={`${bar} h-3 w-14`} />
              </div>
              <div className="flex h-6 items-center sm:hidden">
                <div className={`${bar} h-3 w-24`} />
              </div>
              <div className="mt-1 flex h-[1.59375rem] items-center">
                <div className={`${bar} h-3 w-full`} />
              </div>
              <div className="flex h-[1.59375rem] items-center">
                <div className={`${bar} h-3 w-2/3`} />
              </div>
              <div className="h-11" />
            </div>
          </div>
          <div className="flex h-3 items-center">
            <div className={`${bar} h-0.5 w-3/4`} />
          </div>
        </div>
      ))}
    </div>
  );
}
