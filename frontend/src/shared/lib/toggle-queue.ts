/**
 * Sends the wishes of a toggle to the server, one at a time. Of the wishes that come while one is being sent only the last
 * counts, so that many fast taps cost at most two requests.
 */
export interface ToggleQueue {
  /** Wishes the opposite of the last wish, which is dropped if it was not sent yet. Returns the new wish. */
  toggle(): boolean;
}

export interface ToggleOptions<Answer> {
  /** The state that the server holds at first. */
  initial: boolean;
  send(on: boolean): Promise<Answer>;
  /** Called when the server has done the last wish; not for a wish that was overtaken by a later one. */
  settled(answer: Answer): void;
  /** Whether the error means that nothing has changed on the server. After any other error its state is unknown. */
  refused(error: unknown): boolean;
  /** Called when the last wish failed, with the state that the server is known to have held. */
  failed(confirmed: boolean, error: unknown): void;
  /** Called when there is nothing left to send. */
  idle(): void;
}

export function createToggleQueue<Answer>(options: ToggleOptions<Answer>): ToggleQueue {
  let confirmed = options.initial;
  let wanted = options.initial;
  // Whether the server is known to hold `confirmed`.
  let isSure = true;
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    while (wanted !== confirmed || !isSure) {
      const target = wanted;
      try {
        const answer = await options.send(target);
        confirmed = target;
        isSure = true;
        if (wanted === target) options.settled(answer);
      } catch (error) {
        if (!options.refused(error)) isSure = false;
        // A newer wish has overtaken this one; the loop sends it next.
        if (wanted !== target) continue;
        wanted = confirmed;
        isSure = true;
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
