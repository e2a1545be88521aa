"""Sends spans over gRPC with the SDK that Open WebUI has, by the environment's settings, until it is told to stop.

Says of each batch what came of it, a JSON a line; what the exporter says goes to the same log.
"""

import json
import logging
import signal
import time

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import SpanKind, format_trace_id


class Told(OTLPSpanExporter):
    def export(self, spans):
        result = super().export(spans)
        batch = {
            "traces": [format_trace_id(span.context.trace_id) for span in spans],
            "taken": result is SpanExportResult.SUCCESS,
            "at": round(time.time() * 1000),
        }
        print(json.dumps(batch), flush=True)
        return result


logging.basicConfig(level=logging.WARNING)
stopped = False


def stop(*_):
    global stopped
    stopped = True


signal.signal(signal.SIGTERM, stop)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(Told()))
tracer = provider.get_tracer("test")
while not stopped:
    tracer.start_span("POST /api/chat/completions", kind=SpanKind.SERVER).end()
    time.sleep(0.05)
provider.shutdown()
