import { placed, type PlacedQuery } from "./targets.ts";

/** A PrometheusRule, as far as the gate reads it. */
export interface PrometheusRule {
  readonly kind: string;
  readonly spec?: { readonly groups?: readonly { readonly rules?: readonly Rule[] }[] };
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

/** The queries of an alert rule's object; none for objects of other kinds. */
export const ruleQueries = ({ kind, spec }: PrometheusRule): PlacedQuery[] =>
  kind !== "PrometheusRule"
    ? []
    : (spec?.groups ?? [])
        .flatMap(({ rules = [] }) => rules)
        .flatMap(({ alert, record, expr }) =>
          placed({ place: `alert rule ${alert ?? record}`, variables: {} }, "promql", expr),
        );
