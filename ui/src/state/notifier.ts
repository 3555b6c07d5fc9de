// Says to somebody at work what was done, or what went wrong.

export type Notifier = {
  /** Says what was done, or what went wrong. */
  say: (words: string, tone?: "done" | "trouble") => void;
  /** Does it, and says so where it fails. */
  attempt: <T>(act: () => Promise<T>) => Promise<T | undefined>;
};
