// What has come of a move, for people: packages, endpoints that answer, and for those that don't, why and
// what to do. Pure.
import type { FolderResult, ImportResults } from './follow-import.ts';
import type { ImportReport } from './show-report.ts';

export function showResults({ folders, endpoints }: ImportResults, report: ImportReport): string {
  const width = Math.max(0, ...endpoints.map(({ methods }) => methods.join(',').length));
  const live = endpoints.filter(({ answers }) => answers).length;
  return [
    '',
    ...folders.flatMap(showPackages),
    'Endpoints:',
    ...endpoints.flatMap(({ answers, methods, url, why, advice }) => [
      `  ${answers ? 'live    ' : 'NOT LIVE'}  ${methods.join(',').padEnd(width)}  ${url}`,
      ...(why === null ? [] : [`            ${why}`]),
      ...(advice === null ? [] : [`            ${advice}`]),
    ]),
    '',
    `${live} of ${endpoints.length} endpoints are live: Millrace has loaded the code of each. None was called.`,
    ...report.folders.flatMap(reportMissing),
  ].join('\n');
}

function showPackages({ folder, build, needs_deploy }: FolderResult): string[] {
  if (build?.status === 'succeeded') return [`Packages of ${folder}: installed.`, ''];
  if (build?.status === 'unfinished') return [`Packages of ${folder}: still being installed.`, ''];
  if (build?.status === 'failed') {
    const advice = build.advice === null ? [] : [`  ${build.advice}`];
    const why = (build.error ?? '').trim().split('\n');
    return [`Packages of ${folder}: FAILED`, ...why.map((line) => `  ${line}`), ...advice, ''];
  }
  return needs_deploy ? [`Packages of ${folder}: deploy needed.`, ''] : [];
}

/** Code that loads a package only when it is called is loaded without it. */
function reportMissing({ folder, packages }: ImportReport['folders'][number]): string[] {
  if (packages.missing.length === 0) return [];
  return [
    `Calls may fail: the code of ${folder} names packages that are not there: ${packages.missing.join(', ')}.`,
  ];
}
