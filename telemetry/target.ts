/** Labels that the Prometheus operator, and any usual discovery of pods, puts on what is scraped of a pod. */
export const target = ["namespace", "pod", "container", "service", "endpoint", "job", "instance"] as const;
