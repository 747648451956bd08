// Where a portal's session is over, or its link was used before: only the product that shows it makes
// another.
import { Page } from '../design/page.tsx';
import { t } from '../texts/translate.ts';

export function PortalOver() {
  return (
    <main>
      <Page title={t('portal.over')} sentence={t('portal.overNext')} />
    </main>
  );
}
