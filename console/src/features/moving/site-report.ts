// What the server reports of a site's folders that are about to move in, as far as the page shows it. The
// address is no part of the API's own document, so its shape stands here. Called by site-panel.tsx.
export type FolderReport = {
  folder: string;
  runtime: string;
  endpoints: { path: string; methods: string[]; file: string; has_file: boolean }[];
  urls: { path: string; methods: string[]; old_url: string; new_url: string }[];
  environment: string[];
  packages: { preloaded: string[]; declared: string[]; missing: string[] };
  problems: string[];
  differences: string[];
  build: { id: number | null; error: string | null } | null;
};

export type SiteReport = {
  dry_run: boolean;
  folders: FolderReport[];
  secrets_missing: string[];
  remarks: string[];
};

/** Of a folder that has moved in: whether it is live yet. */
export type FolderProgress = { settled: boolean; problem: string | null; live: string[] };
