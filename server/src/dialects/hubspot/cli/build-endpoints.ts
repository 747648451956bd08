// `hs function deploy`: begins a build and is polled until it is over. The log lies behind an address of its
// own, which the CLI reads without a token: nobody can guess it.
import { z } from 'zod';
import { fail } from '../../../errors/failure.ts';
import { readInput, storableText } from '../../../http/read-input.ts';
import { requireHostFor } from '../../../http/request-host.ts';
import type { Sql } from '../../../postgres/database.ts';
import { type FolderBuild, findBuildByLogKey } from '../catalog/build-store.ts';
import type { FolderBuilds } from '../folders/folder-builds.ts';
import { type CliEndpoint, type CliRequest, json } from '../frame/cli-endpoint.ts';

type Parts = {
  sql: Sql;
  builds: FolderBuilds;
  publicUrl: string;
};

const PREFIX = '/cms/v3/functions';
const LONGEST_PATH = 1_024;
const buildBody = z.object({ folderPath: storableText(LONGEST_PATH) });

export function buildEndpoints({ sql, builds, publicUrl }: Parts): CliEndpoint[] {
  const resource = 'hosted_functions';
  return [
    {
      ...{ method: 'POST', prefix: PREFIX, path: '/build/async', permit: { resource, method: 'update' } },
      takes: buildBody,
      answer: async ({ world, body }) => {
        const { folderPath } = readInput(buildBody, body, 'the request body');
        return { kind: 'text', status: 200, text: String(await builds.begin(world, folderPath)) };
      },
    },
    {
      ...{ method: 'GET', prefix: PREFIX, path: '/build/:id/poll', permit: { resource, method: 'read' } },
      answer: async (request) => {
        const build = await builds.look(request.world, readId(request.params.id ?? ''));
        return json(viewBuild(build, logUrl(build, request, publicUrl)));
      },
    },
    {
      ...{ method: 'GET', prefix: PREFIX, path: '/build-logs/:file', permit: 'anyone' },
      answerAnyone: async ({ params, http }) => {
        const build = await findBuildByLogKey(sql, (params.file ?? '').replace(/\.txt$/, ''));
        if (build === null) return fail('not_found', { message: 'There is no such log.' });
        requireHostFor(http, build.accountId);
        return { kind: 'text', status: 200, text: await builds.logOf(build) };
      },
    },
  ];
}

function readId(text: string): number {
  return /^[0-9]{1,15}$/.test(text)
    ? Number(text)
    : fail('not_found', { message: 'There is no such build.' });
}

/**
 * The CLI reads it over HTTPS alone: where it is reached that way is what it called just now, or the public
 * address.
 */
function logUrl(build: FolderBuild, { http }: CliRequest, publicUrl: string): string | null {
  const isDirect = 'encrypted' in http.raw.socket && http.raw.socket.encrypted === true;
  const origin = isDirect ? `https://${http.headers.host}` : publicUrl;
  return origin.startsWith('https://') ? `${origin}${PREFIX}/build-logs/${build.logKey}.txt` : null;
}

function viewBuild(build: FolderBuild, cdnUrl: string | null): Record<string, unknown> {
  const { id, status, errorReason, createdAt, endedAt } = build;
  return {
    status,
    buildTime: endedAt === null ? null : endedAt.getTime() - createdAt.getTime(),
    ...(cdnUrl === null ? {} : { cdnUrl }),
    ...(errorReason === null ? {} : { errorReason }),
    buildStartedAt: createdAt.getTime(),
    userId: 0,
    deployId: id,
  };
}
