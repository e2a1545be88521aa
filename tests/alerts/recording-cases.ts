import type { RecordingCase } from "./case.ts";
import {
  begun,
  begunInTime,
  counted,
  failed,
  firstToken,
  inTime,
  ok,
  qwen,
  refused,
  refusedByProvider,
} from "./chat-series.ts";

const served = 'environment:llm_answers_served:rate5m{environment="dev"}';
const failedRate = 'environment:llm_answers_failed:rate5m{environment="dev"}';
const slow = 'environment:llm_answers_slow:rate5m{environment="dev"}';
const begunRate = 'environment:llm_streams_begun:rate5m{environment="dev"}';
const late = 'environment:llm_streams_late:rate5m{environment="dev"}';

/** What the recorded series must be. */
export const recordingCases: readonly RecordingCase[] = [
  {
    what: "requests of every outcome",
    series: {
      [ok]: "0+30x20",
      [failed]: "0+15x20",
      [refused]: "0+60x20",
      [refusedByProvider]: "0+15x20",
      [counted]: "0+30x20",
      [inTime]: "0+15x20",
    },
    values: { [served]: 2, [failedRate]: 1, [slow]: 0.5 },
  },
  {
    what: "requests none of which failed: 0, not nothing",
    series: { [ok]: "0+30x20", [counted]: "0+30x20", [inTime]: "0+30x20" },
    values: { [served]: 1, [failedRate]: 0, [slow]: 0 },
  },
  {
    what: "no requests",
    series: {},
    values: { [served]: undefined, [failedRate]: undefined, [slow]: undefined },
  },
  {
    what: "streams of two models, of which one begins late at times, and those of another environment and program",
    series: {
      [begun]: "0+30x20",
      [begunInTime]: "0+15x20",
      [firstToken("count", { litellm_provider_model: qwen })]: "0+30x20",
      [firstToken("bucket", { litellm_provider_model: qwen, le: "10" })]: "0+30x20",
      [firstToken("count", { environment: "prod" })]: "0+90x20",
      [firstToken("count", { job: "another" })]: "0+90x20",
    },
    values: { [begunRate]: 2, [late]: 0.5, [served]: undefined },
  },
  {
    what: "streams none of which began late: 0, not nothing",
    series: { [begun]: "0+30x20", [begunInTime]: "0+30x20" },
    values: { [begunRate]: 1, [late]: 0 },
  },
  {
    what: "streams that went to the other side of the bound: 0, not less",
    series: { [begun]: "0+30x20", [begunInTime]: "0+30x15 449+30x5" },
    values: { [begunRate]: 1, [late]: 0 },
  },
  {
    what: "no streams",
    series: { [ok]: "0+30x20" },
    values: { [served]: 1, [begunRate]: undefined, [late]: undefined },
  },
];
