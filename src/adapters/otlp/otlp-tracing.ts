import { SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { Tracing } from "~/ports/tracing";

/** A stop waits no longer for a collector that does not answer. */
const GIVE_UP_MS = 3_000;

/**
 * Spans to a collector that speaks OTLP over HTTP. The SDK reads the other standard variables by itself
 * (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`). Nothing waits for the collector, and nothing fails with it.
 */
export function otlpTracing({ endpoint, instance }: { endpoint: string; instance: string }): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: GIVE_UP_MS });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "timmy", "service.instance.id": instance }),
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: GIVE_UP_MS })],
  });
  provider.register();
  const tracer = provider.getTracer("timmy");

  return {
    span: (name, attributes, work, told) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          const done = await work();
          const said = told?.(done);
          if (said?.name) span.updateName(said.name);
          if (said) span.setAttributes(said.facts);
          return done;
        } catch (error) {
          // Its message may quote a visitor: the kind is enough to find it in the log.
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
          throw error;
        } finally {
          span.end();
        }
      }),
    async stop() {
      await provider.shutdown().catch(() => undefined);
    },
  };
}
