import type { AlertCase, Told } from "./case.ts";
import {
  begun,
  begunInTime,
  call,
  counted,
  error,
  failed,
  firstToken,
  inTime,
  llama,
  ok,
  qwen,
  refused,
  refusedByProvider,
} from "./chat-series.ts";
import { stairs } from "./series.ts";

const failing = "LiteLLM fails more requests for an answer than the objective allows.";
const tooSlow = "LiteLLM answers more slowly than the objective allows.";
const lasts = {
  "1h": "That is more than 14.4 times what is allowed: the budget of 30d is gone within 2.1 days.",
  "6h": "That is more than 6 times what is allowed: the budget of 30d is gone within 5 days.",
  "1d": "That is more than 3 times what is allowed: the budget of 30d is gone within 10 days.",
  "3d": "That is more than what is allowed: the budget of 30d is gone within 30 days.",
};
const burn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: failing,
  description: `${share} of the requests for an answer failed over ${long}, dev: 99.5 % of them must not fail. ${lasts[long]}`,
});
const slowBurn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: tooSlow,
  description: `${share} of the requests for an answer took longer than 30 s over ${long}, dev: 95 % of them must end in that time. ${lasts[long]}`,
});

const lateBurn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: "Streamed answers begin later than the objective allows.",
  description: `${share} of the streamed answers began after more than 10 s over ${long}, dev: 95 % of them must begin in that time. ${lasts[long]}`,
});

const availability: AlertCase[] = [
  {
    alert: "LLMErrorBudgetBurn",
    what: "an hour of answers, then none: the fastest pair fires within ten minutes",
    series: { [ok]: "0+10x120 1200x60", [failed]: "0x120 10+10x60" },
    at: { "64m": [], "70m": [burn("1h", "12.81%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "exactly at the fastest pair's threshold, which must be passed",
    series: { [ok]: "0+3480x80", [failed]: "0+270x80" },
    at: { "40m": [burn("6h", "7.2%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "just above it",
    series: { [ok]: "0+3470x80", [failed]: "0+280x80" },
    at: { "40m": [burn("1h", "7.467%"), burn("6h", "7.467%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "a burst that has ended: the short window ends the alert",
    series: { [ok]: "0+10x120", [failed]: "0+10x20 200x100" },
    at: { "12m": [burn("1h", "48.68%")], "30m": [burn("6h", "26.49%")], "55m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "4 % of a day's requests: six times the rate, seen over six hours",
    every: "5m",
    series: { [ok]: "0+1000x288 288960+960x72", [failed]: "0x288 40+40x72" },
    at: { "28h": [], "29h30m": [burn("6h", "3.616%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "2 %, for hours: the pair of a day, and the one of three days after it",
    every: "5m",
    series: { [ok]: "0+980x72", [failed]: "0+20x72" },
    at: { "50m": [], "2h": [burn("1d", "2%")], "5h": [burn("1d", "2%"), burn("3d", "2%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "0.6 %: just over the allowed rate, for hours",
    every: "5m",
    series: { [ok]: "0+994x72", [failed]: "0+6x72" },
    at: { "2h": [], "6h": [burn("3d", "0.6%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "0.4 %: within the budget",
    every: "5m",
    series: { [ok]: "0+996x72", [failed]: "0+4x72" },
    at: { "2h": [], "6h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "no request for hours, and some before: nothing is no share",
    series: { [ok]: "100x100", [failed]: "100x100" },
    at: { "20m": [], "50m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "one request, which failed",
    series: { [failed]: "0x20 1x100" },
    at: { "11m": [], "15m": [], "30m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "18 requests, fewer than the minimum, all failed",
    series: { [failed]: stairs(19, 6) },
    at: { "30m": [], "56m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "30 requests, all failed",
    series: { [failed]: stairs(31, 4) },
    at: { "30m": [], "60m": [burn("1h", "100%"), burn("6h", "100%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "three failures among 30 requests: too few to call anybody",
    series: { [ok]: stairs(28, 4), [failed]: "0x40 1x20 2x20 3x40" },
    at: { "30m": [], "50m": [], "56m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "callers that are refused, as many as are answered",
    series: { [ok]: "0+10x120", [refused]: "0+10x120" },
    at: { "30m": [], "1h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "a provider that refuses LiteLLM",
    series: { [ok]: "0+10x120", [refusedByProvider]: "0+10x120" },
    at: { "1h": [burn("1h", "50%"), burn("6h", "50%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "counters that begin anew with Tempo, of old failures and new answers",
    series: { [ok]: "5000+10x60 0+10x60", [failed]: "4000x60 0x60" },
    at: { "31m": [], "40m": [], "1h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "failures that go on while Tempo restarts and sends nothing for a minute",
    series: { [ok]: "5000+5x60 _x2 0+5x60", [failed]: "4000+5x60 _x2 0+5x60" },
    at: { "40m": [burn("1h", "50%"), burn("6h", "50%")] },
  },
];

const latency: AlertCase[] = [
  {
    alert: "LLMLatencyBudgetBurn",
    what: "half an hour in time, then all slow",
    series: { [ok]: "0+10x200", [counted]: "0+10x200", [inTime]: "0+10x60 600x140" },
    at: {
      "40m": [],
      "64m": [slowBurn("6h", "51.42%")],
      "85m": [slowBurn("1h", "87.19%"), slowBurn("6h", "63.75%")],
    },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "20 % slow, for hours",
    every: "5m",
    series: { [ok]: "0+100x72", [counted]: "0+100x72", [inTime]: "0+80x72" },
    at: { "50m": [], "2h": [slowBurn("1d", "20%")], "5h": [slowBurn("1d", "20%"), slowBurn("3d", "20%")] },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "8 % slow, for hours",
    every: "5m",
    series: { [ok]: "0+100x72", [counted]: "0+100x72", [inTime]: "0+92x72" },
    at: { "2h": [], "5h": [slowBurn("3d", "8%")] },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "4 % slow, within the budget, over a restart of Tempo",
    every: "5m",
    series: { [ok]: "0+100x36 0+100x36", [counted]: "0+100x36 0+100x36", [inTime]: "0+96x36 0+96x36" },
    at: { "5h": [], "6h": [] },
  },
];

const firstTokens: AlertCase[] = [
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "half an hour in time, then all late",
    series: { [begun]: "0+10x200", [begunInTime]: "0+10x60 600x140" },
    at: {
      "40m": [],
      "64m": [lateBurn("6h", "51.42%")],
      "85m": [lateBurn("1h", "87.19%"), lateBurn("6h", "63.75%")],
    },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "the same, while what was at the bound goes to the other side, as LiteLLM's buckets grow wider",
    series: { [begun]: "0+10x200", [begunInTime]: "0+10x60 600x50 597x90" },
    at: { "85m": [lateBurn("1h", "78.93%"), lateBurn("6h", "57.7%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "20 % late, for hours",
    every: "5m",
    series: { [begun]: "0+100x72", [begunInTime]: "0+80x72" },
    at: { "50m": [], "2h": [lateBurn("1d", "20%")], "5h": [lateBurn("1d", "20%"), lateBurn("3d", "20%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "8 % late, for hours, of two processes",
    every: "5m",
    series: {
      [begun]: "0+50x72",
      [begunInTime]: "0+46x72",
      [firstToken("count", { instance: "litellm-1/1" })]: "0+50x72",
      [firstToken("bucket", { instance: "litellm-1/1", le: "10" })]: "0+46x72",
    },
    at: { "2h": [], "5h": [lateBurn("3d", "8%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "4 % late, within the budget, over a restart of LiteLLM",
    every: "5m",
    series: { [begun]: "0+100x36 0+100x36", [begunInTime]: "0+96x36 0+96x36" },
    at: { "5h": [], "6h": [] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "18 streams, fewer than the minimum, all late",
    series: { [begun]: stairs(19, 6), [begunInTime]: "0x120" },
    at: { "30m": [], "56m": [] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "many requests that fail and take long, and streams that begin in time",
    series: {
      [failed]: "0+100x120",
      [counted]: "0+100x120",
      [inTime]: "0x120",
      [begun]: "0+10x120",
      [begunInTime]: "0+10x120",
    },
    at: { "30m": [], "1h": [] },
  },
];

const models: AlertCase[] = [
  {
    alert: "LLMModelFailing",
    what: "three of ten calls of one model fail, none of the other's",
    series: { [call(llama)]: "0+7x40", [call(llama, error)]: "0+3x40", [call(qwen)]: "0+10x40" },
    at: {
      "4m": [],
      "15m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `Calls to the model ${llama} fail.`,
          description: `30% of the calls to ${llama} failed over 15m. LiteLLM may still answer, with another model.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelFailing",
    what: "a new model, whose first calls all fail: too few",
    series: { [call(qwen)]: "0+10x60", [call(llama, error)]: "_x20 0+1x10 10x30" },
    at: { "15m": [], "20m": [], "30m": [] },
  },
  {
    alert: "LLMModelFailing",
    what: "exactly every fifth call fails, over a restart of Tempo",
    series: { [call(llama)]: "0+8x30 0+8x30", [call(llama, error)]: "0+2x30 0+2x30" },
    at: { "14m": [], "25m": [] },
  },
  {
    alert: "LLMModelSlow",
    what: "six of ten calls are slow",
    series: {
      [call(llama)]: "0+10x80",
      [call(llama, {}, "traces_spanmetrics_latency_count")]: "0+10x80",
      [call(llama, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0+4x80",
    },
    at: {
      "14m": [],
      "25m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `The model ${llama} is slow.`,
          description: `60% of the calls to ${llama} took longer than 30 s over 15m.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelSlow",
    what: "four of ten calls are slow; and one model is not called any more",
    series: {
      [call(llama)]: "0+10x80",
      [call(llama, {}, "traces_spanmetrics_latency_count")]: "0+10x80",
      [call(llama, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0+6x80",
      [call(qwen)]: "100x80",
      [call(qwen, {}, "traces_spanmetrics_latency_count")]: "100x80",
      [call(qwen, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0x80",
    },
    at: { "25m": [], "40m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "a busy model that nobody calls any more, while another is called",
    series: { [call(llama)]: "0+2x150 300x60", [call(qwen)]: "0+2x210" },
    at: {
      "89m": [],
      "92m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `Nobody calls the model ${llama} any more, while others are called.`,
          description: `No call to ${llama} for 15m, after 232 in the hour before.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelQuiet",
    what: "the end of the day: nobody calls any model",
    series: { [call(llama)]: "0+2x150 300x60", [call(qwen)]: "0+2x150 300x60" },
    at: { "89m": [], "92m": [], "100m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "a model that few call, between two calls",
    series: { [call(llama)]: `${stairs(30, 5)} 30x60`, [call(qwen)]: "0+2x210" },
    at: { "92m": [], "100m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "Tempo is back after half an hour, and one model was called before the other",
    series: { [call(llama)]: "0+2x150 _x60 _x60", [call(qwen)]: "0+2x150 _x60 0 1 2x60" },
    at: { "107m": [], "110m": [] },
  },
];

/** What the alerts about chats and models must say. */
export const chatCases: readonly AlertCase[] = [...availability, ...latency, ...firstTokens, ...models];
