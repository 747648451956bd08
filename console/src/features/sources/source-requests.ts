// What people draw and runs come of: flows and what goes through them, e-mail templates, queries. Called by
// the room of sources alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { FlowNode } from './flow-layout.ts';

export type Flow = Schemas['Flow'] & {
  name: string;
  description: string | null;
  kind: string;
  enabled: boolean;
  starts: string[];
  nodes: FlowNode[];
};
export type FlowRun = Schemas['FlowRun'];
export type Template = Schemas['EmailTemplate'] & {
  name: string;
  enabled: boolean;
  template_subject: string;
  template_to: string[];
  template_html: string;
  template_trigger: 'account_event' | 'api_direct';
  event_filter?: string[];
};
export type SavedQuery = Schemas['Query'] & {
  name: string;
  enabled: boolean;
  source: { kind: string };
  group_by?: string | null;
  frequency?: { cron: string } | { every_s: number } | null;
};

const PAGE = 100;
const EVERY_MS = 5_000;

export function flowsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'flows'],
    retry: false,
    queryFn: async () =>
      (await read(api.GET('/flows', { params: { query: { limit: PAGE } } }))).data as Flow[],
  });
}

export function flowQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'flows', id],
    queryFn: async () => (await read(api.GET('/flows/{id}', { params: { path: { id } } }))) as Flow,
  });
}

export function flowRunsQuery({ api, key }: Where, id: string) {
  return infiniteQueryOptions({
    queryKey: [...key, 'flows', id, 'runs'],
    refetchInterval: EVERY_MS,
    maxPages: 10,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = { flow_id: id, limit: 50, ...(pageParam === null ? {} : { after: pageParam }) };
      return read(api.GET('/flow-runs', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

export function flowRunQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'flow-run', id],
    refetchInterval: EVERY_MS,
    queryFn: () => read(api.GET('/flow-runs/{id}', { params: { path: { id } } })),
  });
}

export function templatesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'templates'],
    retry: false,
    queryFn: async () =>
      (await read(api.GET('/email-templates', { params: { query: { limit: PAGE } } }))).data as Template[],
  });
}

export function templateQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'templates', id],
    queryFn: async () =>
      (await read(api.GET('/email-templates/{id}', { params: { path: { id } } }))) as Template,
  });
}

export function templateMailsQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'templates', id, 'mails'],
    refetchInterval: EVERY_MS,
    queryFn: async () =>
      (await read(api.GET('/template-mails', { params: { query: { template_id: id, limit: 20 } } }))).data,
  });
}

export function queriesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'queries'],
    retry: false,
    queryFn: async () =>
      (await read(api.GET('/queries', { params: { query: { limit: PAGE } } }))).data as SavedQuery[],
  });
}

export function executionsQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'queries', id, 'executions'],
    refetchInterval: EVERY_MS,
    queryFn: async () => {
      const params = { path: { id }, query: { limit: 10 } };
      return (await read(api.GET('/queries/{id}/executions', { params }))).data;
    },
  });
}

export function functionNamesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'sources', 'functions'],
    staleTime: 10_000,
    queryFn: async () => {
      const { data } = await read(api.GET('/functions', { params: { query: { limit: 500 } } }));
      return new Map(data.map((one) => [one.id, one.name]));
    },
  });
}
