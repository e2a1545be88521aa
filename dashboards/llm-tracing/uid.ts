/** The dashboard's uid in Grafana: its address is `/d/<uid>`. */
export const uid = "llm-tracing";
