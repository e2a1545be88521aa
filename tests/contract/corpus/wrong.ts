/** A query that must be refused, and the words in which. */
export interface WrongQuery {
  readonly text: string;
  readonly because: readonly string[];
}

const wrong = (text: string, ...because: string[]): WrongQuery => ({ text, because });

const noScope = "service.name has no scope: write resource.service.name";
const outside = (word: string) => `at "${word}": a condition stands inside { … }`;
const grouping = (word: string) => `at "${word}": by (…) follows a metrics function`;
const nanoseconds = "a bare number is nanoseconds";

/** Queries once published for this dashboard: Tempo refuses every one. */
export const publishedTraceql: readonly WrongQuery[] = [
  wrong('{service.name="litellm"} | duration > 5s', noScope, outside("duration")),
  wrong('{service.name="open-webui"} | duration > 5s', noScope, outside("duration")),
  wrong(
    '{service.name="litellm" && resource.model="qwen2.5-coder:14b"} | duration > 10s',
    noScope,
    outside("duration"),
  ),
  wrong('{service.name="litellm" && status=error}', noScope),
  wrong(
    '{service.name="litellm" && http.status_code >= 500}',
    noScope,
    "http.status_code has no scope: write span.http.status_code",
  ),
  wrong('{service.name="litellm" && status=error} | select(span.error_message)', noScope),
  wrong('{service.name="litellm" && resource.model="llama3.2:3b"}', noScope),
  wrong('{service.name="litellm" && resource.model=~"qwen.*"} | duration > 3s', noScope, outside("duration")),
  wrong(
    '{service.name="open-webui" && user.id="admin"}',
    noScope,
    "user.id has no scope: write span.user.id",
  ),
  wrong(
    '{service.name="open-webui" && session.id="abc123"}',
    noScope,
    "session.id has no scope: write span.session.id",
  ),
  wrong('{service.name="litellm"} | duration > 5s && startTime > 1h', noScope, outside("startTime")),
  wrong('{service.name="litellm" && status=error} && startTime > 30m', noScope, outside("startTime")),
  wrong('{service.name="open-webui"} && span.name =~ ".*SELECT.*"', noScope, outside("span.name")),
  wrong('{service.name="litellm"} && span.name =~ ".*ollama.*"', noScope, outside("span.name")),
  wrong("{} | count() by service.name", grouping("by")),
  wrong('{service.name="litellm"} | avg(duration) by resource.model', noScope, grouping("by")),
  wrong("{status=error} | rate() by service.name", grouping("service.name")),
  wrong('{trace_id="<trace-id>"}', 'at "trace_id": there is no such intrinsic'),
];

/** TraceQL that Tempo refuses too. */
export const refusedTraceql: readonly WrongQuery[] = [
  wrong("{ span:kind = server", "is no TraceQL"),
  wrong("# slow\n{ span:duration > 5s }", "at #: a comment begins with //"),
  wrong("{ span:status = 500 }", "a status is one of error, ok, unset"),
  wrong('{ span:status = "error" }', "a status is one of error, ok, unset"),
  wrong('{ span:status =~ "err.*" }', "a status is one of error, ok, unset"),
  wrong('{ span:kind = "server" }', "a kind is one of server, client"),
  wrong("{ span:kind = error }", "is one of"),
  wrong("{ span:kind > server }", "only = and != compare these"),
  wrong('{ span:duration > "5s" }', "compares duration with string"),
  wrong("{ span:duration }", "span:duration is no condition"),
  wrong("{ span:duration && span:kind = server }", "both sides of && must be conditions"),
  wrong("{ resource.service.name = nil }", "resource.service.name is never nil"),
  wrong("{ span:name = nil }", "span:name is never nil"),
  wrong('{ span:name =~ "(SELECT" }', "is no regular expression"),
  wrong('{ span:name =~ "(?=SELECT).*" }', "looks ahead or behind"),
  wrong(String.raw`{ span:name =~ "(a)\\1" }`, "refers back to a group"),
  wrong(String.raw`{ span:name =~ "GET \/api" }`, "unknown escape"),
  wrong("{ span.http.route =~ span:name }", "a pattern is text in quotes"),
  wrong('{ parent.http.route = "/" }', "does not support parent."),
  wrong("{ } | avg(span:duration)", "is no TraceQL"),
  wrong("{ } | avg(span:name) > 3", "needs numbers or durations, not string"),
  wrong("{ } | rate() by (span.gen_ai.usage.input_tokens + 1)", "only attributes and intrinsics"),
  wrong("{ } | topk(10)", "follows a metrics function only"),
  wrong("{ } | rate() | { }", "must be the last stage"),
  wrong("{ } | quantile_over_time(span:duration, 95)", "the quantile 95 is not between 0 and 1"),
];

/** TraceQL that Tempo takes, and answers with nothing or with something else than was meant. */
export const pointlessTraceql: readonly WrongQuery[] = [
  wrong("{ span:kind = server && span:status = error || span:status = ok }", "mixes && and ||"),
  wrong("", "ends too early"),
  wrong("{ span:duration > 5 }", nanoseconds),
  wrong("{ 5 < trace:duration }", nanoseconds),
  wrong("{ } | avg(span:duration) > 5", nanoseconds),
  wrong('{ span.http.path = "/" }', "span.http.path is an attribute that nobody writes"),
  wrong('{ resource.model = "llama3.1" }', "resource.model is an attribute that nobody writes"),
  wrong('{ span.name =~ ".*SELECT.*" }', "span.name is an attribute that nobody writes"),
  wrong(
    '{ resource.gen_ai.request.model = "llama3.1" }',
    "the attribute is written as span.gen_ai.request.model",
  ),
  wrong('{ span.service.name = "litellm" }', "the attribute is written as resource.service.name"),
  wrong('{ .service.name = "litellm" }', noScope),
  wrong("{ .http.status_code >= 500 }", "http.status_code has no scope"),
  wrong("{ } | select(span.error_message)", "span.error_message is an attribute that nobody writes"),
  wrong("{ } | rate() by (span.model)", "span.model is an attribute that nobody writes"),
  wrong('{ span.http.response.status_code = "500" }', "compares int with string"),
  wrong('{ span.http.response.status_code =~ "5.." }', "a pattern matches text, not int"),
  wrong('{ span:name =~ "SELECT" }', "matches that very text alone"),
  wrong('{ trace:id =~ "0af7.*" }', "ids compare with = and != only"),
  wrong(
    "{ } | quantile_over_time(span.gen_ai.response.time_to_first_chunk, 0.95)",
    "answers nothing for a float",
  ),
  wrong("{ } | histogram_over_time(span.litellm.cost.total)", "answers nothing for a float"),
  wrong("{ } | max_over_time(span.gen_ai.request.model)", "needs numbers or durations, not string"),
];

/** Searches that are right but for a table that promises the newest. */
export const unorderedTraceql: readonly WrongQuery[] = [
  wrong("{ span:kind = server }", "add with (most_recent=true)"),
  wrong("{ span:kind = server } with (most_recent=false)", "add with (most_recent=true)"),
  wrong('{ span:kind = server } with (most_recent="true")', "is no TraceQL"),
];

/** PromQL that Prometheus refuses too. */
export const refusedPromql: readonly WrongQuery[] = [
  wrong("", "is no PromQL"),
  wrong("sum(", "is no PromQL"),
  wrong("rate(traces_spanmetrics_calls_total)", "expected type matrix"),
  wrong("topk(traces_spanmetrics_calls_total)", "expected"),
  wrong("rate(sum(traces_spanmetrics_calls_total)[5m])", "a range is taken of a metric"),
  wrong("rate(traces_spanmetrics_calls_total[5])", "a range needs a unit"),
  wrong('rate(traces_spanmetrics_calls_total{service=~"("}[5m])', "is no regular expression"),
  wrong(
    String.raw`rate(traces_spanmetrics_calls_total{http_response_status_code=~"5\d\d"}[5m])`,
    "unknown escape",
  ),
];

/** PromQL that Prometheus takes, and answers with nothing or nonsense. */
export const pointlessPromql: readonly WrongQuery[] = [
  wrong("rate(traces_spanmetrics_call_total[5m])", "the metric traces_spanmetrics_call_total does not exist"),
  wrong("rate(http_requests_total[5m])", "the metric http_requests_total does not exist"),
  wrong("rate(traces_spanmetrics_latency[5m])", "the metric traces_spanmetrics_latency does not exist"),
  wrong("traces_spanmetrics_calls_total", "is a counter"),
  wrong("sum by (service) (traces_spanmetrics_calls_total)", "is a counter"),
  wrong("max_over_time(traces_spanmetrics_calls_total[5m])", "is a counter"),
  wrong('rate(traces_spanmetrics_calls_total{job="tempo"}[5m])', "has no label job"),
  wrong('rate(traces_spanmetrics_calls_total{user_id="u"}[5m])', "has no label user_id"),
  wrong('rate(traces_service_graph_request_total{service="litellm"}[5m])', "has no label service"),
  wrong("sum by (model) (rate(traces_spanmetrics_calls_total[5m]))", "by names the label model"),
  wrong("sum without (pod) (rate(traces_spanmetrics_calls_total[5m]))", "without names the label pod"),
  wrong("sum by (le) (rate(traces_spanmetrics_calls_total[5m]))", "by names the label le"),
  wrong('rate(traces_spanmetrics_latency_count{le="5"}[5m])', "has no label le"),
  wrong('rate(traces_spanmetrics_latency_bucket{le="7"}[5m])', "never so: the values are 0.1"),
  wrong(
    "sum by (service) (rate(traces_spanmetrics_calls_total[5m])) / on (pod) sum by (pod) (rate(traces_spanmetrics_calls_total[5m]))",
    "on names the label pod",
  ),
  wrong(
    "rate(traces_spanmetrics_calls_total[5m]) / ignoring (pod) rate(traces_spanmetrics_size_total[5m])",
    "ignoring names the label pod",
  ),
  wrong(
    "histogram_quantile(0.95, sum by (service) (rate(traces_spanmetrics_latency_bucket[5m])))",
    "answers nothing without the label le",
  ),
  wrong(
    "histogram_fraction(0, 5, sum(rate(traces_spanmetrics_latency_bucket[5m])))",
    "answers nothing for what is no native histogram",
  ),
  wrong('rate(traces_spanmetrics_calls_total{span_kind="SERVER"}[5m])', "the values are SPAN_KIND_SERVER"),
  wrong('rate(traces_spanmetrics_calls_total{span_kind=~"SERVER|CLIENT"}[5m])', "SPAN_KIND_SERVER"),
  wrong('rate(traces_spanmetrics_calls_total{status_code="500"}[5m])', "the values are STATUS_CODE_UNSET"),
  wrong('rate(traces_spanmetrics_calls_total{status_code!="ERROR"}[5m])', "STATUS_CODE_UNSET"),
  wrong('rate(traces_service_graph_request_total{connection_type="db"}[5m])', "virtual_node, database"),
  wrong(
    'rate(traces_spanmetrics_calls_total{http_response_status_code=~"5x+"}[5m])',
    "the values are 100 to 599",
  ),
  wrong('rate(traces_spanmetrics_calls_total{service=~"litellm"}[5m])', "matches that very text alone"),
];

/** Quantiles compared with a number that their histogram cannot tell apart. */
export const blindPromql: readonly WrongQuery[] = [
  wrong(
    "histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency_bucket[5m]))) > 400",
    "400 s is above the top bound of traces_spanmetrics_latency, 300 s",
  ),
  wrong(
    "histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency_bucket[5m]))) > 7",
    "7 s is no bound of traces_spanmetrics_latency",
  ),
  wrong(
    "20 < histogram_quantile(0.95, sum by (le) (rate(traces_service_graph_request_client_seconds_bucket[5m])))",
    "20 s is no bound of traces_service_graph_request_client_seconds",
  ),
];

/** What answers with nothing or nonsense where histograms are native. */
export const pointlessNativePromql: readonly WrongQuery[] = [
  wrong(
    "histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency_bucket[5m])))",
    "the metric traces_spanmetrics_latency_bucket does not exist",
  ),
  wrong(
    "rate(traces_spanmetrics_latency_count[5m])",
    "the metric traces_spanmetrics_latency_count does not exist",
  ),
  wrong(
    "histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency[5m])))",
    "by names the label le",
  ),
  wrong("histogram_quantile(0.95, sum(traces_spanmetrics_latency))", "is a counter"),
  wrong(
    "histogram_count(sum(rate(traces_spanmetrics_calls_total[5m])))",
    "answers nothing for what is no native",
  ),
  wrong("histogram_quantile(0.5, sum(rate(traces_spanmetrics_calls_total[5m])))", "without the label le"),
  wrong("sum(rate(traces_spanmetrics_latency[5m])) > 5", "> is asked of a native histogram"),
  wrong("max by (service) (rate(traces_spanmetrics_latency[5m]))", "max leaves native histograms out"),
];
