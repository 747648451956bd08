// What of a function is shown: everything, or what the features of a portal name. Called by the frames of
// pages and by lists that lead to functions.
import { useQuery } from '@tanstack/react-query';
import { type Feature, isShown, type Portal } from './portal.ts';
import { sessionQuery } from './session.ts';

const PAGES = [
  ['code', '/$account/$mode/functions/$id'],
  ['runs', '/$account/$mode/functions/$id/runs'],
  ['variables', '/$account/$mode/functions/$id/variables'],
  ['settings', '/$account/$mode/functions/$id/settings'],
] as const;
export type FunctionAddress = (typeof PAGES)[number][1];

/** `null`: what no feature names. @param functionId null: every function */
export function useShown(functionId: string | null): (feature: Feature | null) => boolean {
  const portal = usePortal();
  return (feature) => portal === null || (feature !== null && isShown(portal, feature, functionId));
}

/** Where a function is opened: its code, or the first of it that is shown. */
export function useFunctionAddress(functionId: string | null): FunctionAddress {
  const portal = usePortal();
  return portal === null ? PAGES[0][1] : firstPage(portal, functionId);
}

export function firstPage(portal: Portal, functionId: string | null): FunctionAddress {
  return PAGES.find(([feature]) => isShown(portal, feature, functionId))?.[1] ?? PAGES[0][1];
}

export function usePortal(): Portal | null {
  const { data: session } = useQuery(sessionQuery);
  return session?.portal ?? null;
}
