module llm-tracing/tools/prometheus-operator

go 1.25.0

require github.com/prometheus-operator/prometheus-operator v0.89.0
