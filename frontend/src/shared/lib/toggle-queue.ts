/** Sends a toggle's wishes one at a time and skips those that were overtaken: many fast taps cost at most two requests. */
export interface ToggleQueue {
  /** Wishes the opposite of the last wish, which is forgotten if it has not left yet. Returns the new wish. */
  toggle(): boolean;
}

export interface ToggleOptions<Answer> {
  /** What the server holds now. */
  initial: boolean;
  send(on: boolean): Promise<Answer>;
  /** The last wish was granted. Not called for answers that a later wish has overtaken. */
  settled(answer: Answer): void;
  /** Whether the error means that nothing has changed. After another one nobody knows what the server holds. */
  refused(error: unknown): boolean;
  /** The last wish failed: show what the server is known to have held. */
  failed(confirmed: boolean, error: unknown): void;
  /** Nothing is under way any more. */
  idle(): void;
}

export function createToggleQueue<Answer>(options: ToggleOptions<Answer>): ToggleQueue {
  let confirmed = options.initial;
  let wanted = options.initial;
  let sure = true; // that `confirmed` is what the server holds
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    while (wanted !== confirmed || !sure) {
      const target = wanted;
      try {
        const answer = await options.send(target);
        confirmed = target;
        sure = true;
        if (wanted === target) options.settled(answer);
      } catch (error) {
        if (!options.refused(error)) sure = false;
        if (wanted !== target) continue; // overtaken: the loop looks at the newer wish
        wanted = confirmed;
        sure = true;
        options.failed(confirmed, error);
      }
    }
    busy = false;
    options.idle();
  }

  return {
    toggle() {
      wanted = !wanted;
      if (!busy) void run();
      return wanted;
    },
  };
}
