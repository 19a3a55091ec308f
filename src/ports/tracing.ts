/** What is said of a span: never an id beyond eight characters, never a visitor's text, never a secret. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Tells a collector what took how long. Spans that begin while another is open are its children. */
export type Tracing = {
  /** Runs the work within a span. `told` describes the outcome; of an error only its kind is recorded. */
  span<T>(
    name: string,
    facts: SpanFacts,
    work: () => Promise<T>,
    told?: (done: T) => { name?: string; facts: SpanFacts },
  ): Promise<T>;
  /** Sends what is waiting to be sent. */
  stop(): Promise<void>;
};
