// What stands around every page, signed in or not.
import { Outlet } from '@tanstack/react-router';

export function Root() {
  return <Outlet />;
}
