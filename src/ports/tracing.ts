/** What is said of a span: never an id beyond eight characters, never a visitor's text, never a secret. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Tells a collector what took how long. Spans that begin while another is open are its children. */
export type Tracing = {
  /** Runs the work within a span. `told` says what came of it; what it throws is noted by its kind alone. */
  span<T>(
    name: string,
    facts: SpanFacts,
    work: () => Promise<T>,
    told?: (done: T) => { name?: string; facts: SpanFacts },
  ): Promise<T>;
  /** Sends what waits. */
  stop(): Promise<void>;
};
